package io.fairlead.gateway.net;

import java.util.concurrent.TimeUnit;

/**
 * The long turns of an event loop, and what part of a wait was the loop's own doing.
 *
 * <p><b>Idea.</b> What a loop posts leaves by the end of the turn, and an answer that becomes
 * readable while a turn lasts is read in the next one, in its place among all others. Whoever takes
 * the time between the two for the upstream's finds every upstream slow as soon as the loop itself
 * is busy, and would send it less. When an answer came nobody knows, but not before the loop asked
 * last and did not get it: that is, not before the turn before this one began. So from the end of
 * the turn in which it was posted to there is what the upstream took at the least.
 *
 * <p><b>Bounds.</b> Turns under a millisecond count for nothing. The last {@value #KEPT} long turns
 * are known; of what was posted before them only the answer's wait is told, which by then is the
 * smaller part. What the upstream took is told too short by a turn at the most, and as no less than
 * a millisecond: short turns keep calls waiting for about as long and are not told, and whoever
 * compared the two would find the upstream slow whenever the loop has less to do.
 *
 * <p><b>Cost.</b> A comparison while turns are short.
 *
 * <p>Thread-safety: confined to the loop.
 */
public final class LoopTurns {
  /** A turn that lasts less, in nanoseconds, keeps nobody waiting. */
  public static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int KEPT = 8;

  private final long[] begins = new long[KEPT];
  private final long[] ends = new long[KEPT];
  private int count;
  private boolean isWatched;
  private long beginNanos;

  /** No answer that is read in this turn can have come before. */
  private long soonestNanos;

  /** A turn is watched from now on, in the midst of it. */
  public void watch(long nowNanos) {
    isWatched = true;
    beginNanos = nowNanos;
    soonestNanos = nowNanos;
  }

  /**
   * The turn that was watched is over.
   *
   * @param isNextWatched whether the next is watched, from its beginning, which is now
   */
  public void end(long nowNanos, boolean isNextWatched) {
    if (nowNanos - beginNanos >= LONG_NANOS) {
      begins[count % KEPT] = beginNanos;
      ends[count % KEPT] = nowNanos;
      count = count == 2 * KEPT - 1 ? KEPT : count + 1;
    }
    isWatched = isNextWatched;
    soonestNanos = beginNanos;
    beginNanos = nowNanos;
  }

  /**
   * How much of the time since something was posted may have been the loop's own.
   *
   * @param postedNanos when it was posted on this loop
   * @param nowNanos when the answer to it is read
   * @return 0 to the time between the two, in nanoseconds
   */
  public long ownNanos(long postedNanos, long nowNanos) {
    long leftNanos = leftNanos(postedNanos);
    boolean isLate = isWatched && nowNanos - soonestNanos >= LONG_NANOS;
    long cameNanos = isLate ? soonestNanos : nowNanos;
    long tookNanos = Math.max(LONG_NANOS, cameNanos - leftNanos);
    return Math.max(0, nowNanos - postedNanos - tookNanos);
  }

  /** When what was posted then had left at the latest. */
  private long leftNanos(long postedNanos) {
    for (int i = 1; i <= Math.min(count, KEPT); i++) {
      int at = (count - i) % KEPT;
      if (ends[at] - postedNanos < 0) {
        return postedNanos;
      }
      if (begins[at] - postedNanos <= 0) {
        return ends[at];
      }
    }
    return postedNanos;
  }
}
