package io.fairlead.gateway.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/** Waits for something that another thread or process brings about, for a bounded time. */
public final class Eventually {
  private static final int STEP_MILLIS = 5;

  private Eventually() {}

  /**
   * Waits until a condition holds.
   *
   * @param what what is waited for, in the failure's words
   * @param limit how long at the most
   * @param condition what must come to hold
   */
  public static void holds(String what, Duration limit, BooleanSupplier condition) {
    holds(() -> what, limit, condition);
  }

  /**
   * Waits until a condition holds.
   *
   * @param what what is waited for and how it stands, in the failure's words
   * @param limit how long at the most
   * @param condition what must come to hold
   */
  public static void holds(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    for (long left = limit.toMillis() / STEP_MILLIS; !condition.getAsBoolean(); left--) {
      if (left <= 0) {
        Assertions.fail("not within " + limit + ": " + what.get());
      }
      pause(STEP_MILLIS);
    }
  }

  /**
   * Lets time pass for the world outside.
   *
   * @param millis how long
   */
  static void pause(long millis) {
    await(new CountDownLatch(1), millis);
  }

  /**
   * Waits for a latch.
   *
   * @param latch what to wait for
   * @param millis how long at the most
   * @return whether it opened
   */
  static boolean await(CountDownLatch latch, long millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
