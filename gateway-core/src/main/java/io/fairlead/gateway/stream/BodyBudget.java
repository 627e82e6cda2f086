package io.fairlead.gateway.stream;

import io.fairlead.routing.time.NanoClock;
import java.util.concurrent.TimeUnit;

/**
 * How many bodies of transactions one upstream may still be asked for: a bucket that holds an
 * eighth of a day's number and earns the other seven over the day, so that no 24 hours see more. It
 * begins full.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class BodyBudget {
  private static final double DAY_NANOS = TimeUnit.DAYS.toNanos(1);
  private static final double HELD_SHARE = 0.125;

  private final NanoClock clock;
  private double left;
  private long atNanos;

  BodyBudget(NanoClock clock, int perDay) {
    this.clock = clock;
    this.left = perDay * HELD_SHARE;
    this.atNanos = clock.nanoTime();
  }

  /**
   * Takes one if there is one.
   *
   * @param perDay how many a day may see
   */
  boolean tryTake(int perDay) {
    long now = clock.nanoTime();
    double earned = perDay * (1 - HELD_SHARE) * ((now - atNanos) / DAY_NANOS);
    left = Math.min(perDay * HELD_SHARE, left + earned);
    atNanos = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
