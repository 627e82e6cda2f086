package io.fairlead.gateway.stream;

import java.util.concurrent.TimeUnit;

/**
 * When to ask for the head next, from how long ago the last new one came and how long a block
 * takes: three times a block while none is due, twelve times a block once one is, and ever more
 * rarely when it stays away, as on chains that make blocks only for transactions.
 *
 * <p>Never more often than every 100 ms nor more rarely than every 4 s. A chain with 12 s between
 * blocks is asked about five times a block and the head is seen half a second late on average.
 */
final class PollRhythm {
  static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long MOST_KEEN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int OVERDUE_BLOCKS = 10;

  private PollRhythm() {}

  /**
   * The delay before the next question.
   *
   * @param sinceNanos since the last new head came
   * @param blockTimeNanos between blocks, more than 0
   * @return nanoseconds
   */
  static long delayNanos(long sinceNanos, long blockTimeNanos) {
    long calm = clamp(blockTimeNanos / 3, MOST_NANOS);
    long keen = clamp(blockTimeNanos / 12, MOST_KEEN_NANOS);
    long leftNanos = blockTimeNanos - sinceNanos;
    if (leftNanos > keen) {
      return Math.min(calm, leftNanos);
    }
    if (sinceNanos < 2 * blockTimeNanos) {
      return keen;
    }
    if (sinceNanos < OVERDUE_BLOCKS * blockTimeNanos) {
      return calm;
    }
    return Math.max(calm, clamp(sinceNanos / (3 * OVERDUE_BLOCKS), MOST_NANOS));
  }

  private static long clamp(long nanos, long mostNanos) {
    return Math.max(LEAST_NANOS, Math.min(mostNanos, nanos));
  }
}
