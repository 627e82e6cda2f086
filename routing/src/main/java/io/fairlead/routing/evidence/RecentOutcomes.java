package io.fairlead.routing.evidence;

import java.util.Arrays;

/**
 * The outcomes of the last second, by when they came in, to be counted from any moment on.
 *
 * <p>A ring of 128 slots of 8 ms each. What came in within the slot of the moment asked for does
 * not count, so that nothing from before it does.
 *
 * <p>Cost: 1 KiB once there are outcomes; a count looks at 128 slots at most.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class RecentOutcomes {
  private static final int SLOT_BITS = 23;
  private static final int SLOTS = 128;

  private int[] good = {};
  private int[] bad = {};
  private long newest;
  private long countedGood;
  private long countedBad;

  void add(long nowNanos, long moreGood, long moreBad) {
    if (good.length == 0) {
      good = new int[SLOTS];
      bad = new int[SLOTS];
      newest = nowNanos >> SLOT_BITS;
    }
    advance(nowNanos >> SLOT_BITS);
    int at = (int) (newest & SLOTS - 1);
    good[at] += (int) moreGood;
    bad[at] += (int) moreBad;
  }

  private void advance(long slot) {
    if (slot - newest >= SLOTS) {
      Arrays.fill(good, 0);
      Arrays.fill(bad, 0);
      newest = slot;
    }
    while (newest < slot) {
      newest++;
      int at = (int) (newest & SLOTS - 1);
      good[at] = 0;
      bad[at] = 0;
    }
  }

  /** Counts what came in after a moment; then ask {@link #good} and {@link #bad}. */
  void countSince(long nanos) {
    countedGood = 0;
    countedBad = 0;
    if (good.length == 0) {
      return;
    }
    long from = Math.max((nanos >> SLOT_BITS) + 1, newest - SLOTS + 1);
    for (long slot = from; slot <= newest; slot++) {
      countedGood += good[(int) (slot & SLOTS - 1)];
      countedBad += bad[(int) (slot & SLOTS - 1)];
    }
  }

  long good() {
    return countedGood;
  }

  /** Less than 0 never, though silences are taken back. */
  long bad() {
    return Math.max(0, countedBad);
  }
}
