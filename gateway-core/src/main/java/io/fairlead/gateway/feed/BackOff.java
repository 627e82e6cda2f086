package io.fairlead.gateway.feed;

import java.util.concurrent.TimeUnit;

/** How long to wait before asking again: 100 ms, doubled up to 3.2 s. */
final class BackOff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_DOUBLINGS = 5;

  private BackOff() {}

  /** The time to wait when it went wrong {@code failures} times before. */
  static long nanos(int failures) {
    return FIRST_NANOS << Math.min(failures, MOST_DOUBLINGS);
  }
}
