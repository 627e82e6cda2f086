package io.fairlead.gateway.feed;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How fast a chain makes blocks, measured, and what silence is at that pace.
 *
 * <p><b>Idea.</b> The last 31 spacings of blocks are kept twice: as they arrived, and as their
 * timestamps say. The median of each forgets outages, missed slots and a few wild timestamps; the
 * larger of the two medians counts. Arrivals alone are wrong after a gap was filled, when many
 * blocks come at once; timestamps alone are wrong where blocks come several to the second, as they
 * have whole seconds. Both err towards 0, so the larger one is the right one, and if both are wrong
 * silence is called late rather than early.
 *
 * <p>Until three spacings are known the pace is what the chain is said to have; it is never below
 * 50 ms nor above five minutes, so that a chain that makes blocks on demand or lies about time is
 * still looked at now and then.
 *
 * <p>Thread-safety: confined to one thread. Cost: two sorts of 31 numbers a block.
 */
public final class BlockPace {
  /** A source is silent after this many usual block times without a head. */
  public static final int SILENT_BLOCKS = 3;

  /** The timestamp of a block whose timestamp is not known. */
  public static final long UNKNOWN = -1;

  private static final int KEPT = 31;
  private static final int FEWEST = 3;
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final long usualNanos;
  private final long[] arrivals = new long[KEPT];
  private final long[] stamps = new long[KEPT];
  private long count;
  private long lastNanos;
  private long lastStamp = UNKNOWN;
  private boolean hasLast;
  private long expectedNanos;

  /**
   * A pace that nothing is known of yet.
   *
   * @param usualNanos the time between blocks that the chain is said to have, more than 0
   */
  public BlockPace(long usualNanos) {
    if (usualNanos <= 0) {
      throw new IllegalArgumentException("usualNanos: " + usualNanos + " (expected: more than 0)");
    }
    this.usualNanos = usualNanos;
    this.expectedNanos = within(usualNanos);
  }

  /**
   * The chain has a new block.
   *
   * @param nowNanos when it came
   */
  public void onBlock(long nowNanos) {
    onBlock(nowNanos, UNKNOWN);
  }

  /**
   * The chain has a new block.
   *
   * @param nowNanos when it came
   * @param timestampSeconds what it says of itself, {@link #UNKNOWN} if nothing
   */
  public void onBlock(long nowNanos, long timestampSeconds) {
    if (hasLast) {
      int at = (int) (count % KEPT);
      arrivals[at] = Math.max(0, nowNanos - lastNanos);
      stamps[at] = stampSpacing(timestampSeconds);
      count++;
      expectedNanos = measure();
    }
    hasLast = true;
    lastNanos = nowNanos;
    lastStamp = timestampSeconds;
  }

  private long stampSpacing(long stamp) {
    if (stamp == UNKNOWN || lastStamp == UNKNOWN || stamp <= lastStamp) {
      return 0;
    }
    return TimeUnit.SECONDS.toNanos(stamp - lastStamp);
  }

  private long measure() {
    if (count < FEWEST) {
      return within(usualNanos);
    }
    return within(Math.max(median(arrivals), median(stamps)));
  }

  private long median(long[] ring) {
    long[] known = Arrays.copyOf(ring, (int) Math.min(count, KEPT));
    Arrays.sort(known);
    return known[known.length / 2];
  }

  private static long within(long nanos) {
    return Math.max(LEAST_NANOS, Math.min(nanos, MOST_NANOS));
  }

  /** The time between two blocks as measured, 50 ms to 5 min. */
  public long expectedNanos() {
    return expectedNanos;
  }

  /**
   * Whether a source that spoke last at some time is silent by now.
   *
   * @param sinceNanos when it spoke last
   * @param nowNanos now
   * @return true after more than {@link #SILENT_BLOCKS} measured block times
   */
  public boolean isSilent(long sinceNanos, long nowNanos) {
    return nowNanos - sinceNanos > SILENT_BLOCKS * expectedNanos;
  }
}
