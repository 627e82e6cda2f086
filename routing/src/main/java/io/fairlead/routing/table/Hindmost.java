package io.fairlead.routing.table;

import java.util.Arrays;

/**
 * From which age on a call is behind nearly all others of its class, wherever it was sent.
 *
 * <p><b>Idea.</b> An upstream's own quantile says when an attempt is late for that upstream. To the
 * client that is beside the point when the upstream is twenty times as far as the others: such a
 * call was sent there to keep a measurement fresh, or because somebody else was hot, and elsewhere
 * it would have been answered long ago. So an attempt is worth a hedge at the latest when it is
 * older than the times at which attempts at all but the hindmost hundredth of the class are hedged:
 *
 * <pre>
 *   hedgeAfter_u = min(q_u, H),   H = the least q with  sum of share_v over q_v &gt; q  at most 1 %
 * </pre>
 *
 * The hedge is the answer; the first attempt is heard out all the same, so that the measurement is
 * not lost.
 *
 * <p><b>Bounds.</b> At most one call in a hundred is hedged that would not have been otherwise.
 * With {@code bias: 0}, or wherever the slow have more than a hundredth of the calls by intent, H
 * is their own quantile and nothing changes. It is worked out with the shares, so it follows a
 * drain with the same table.
 *
 * <p><b>Cost.</b> O(n log n) for each class and table.
 *
 * <p>Thread-safety: none; used within one table's making.
 *
 * <p>Source: J. Dean, L. A. Barroso, "The tail at scale", CACM 56 (2013), who wait for the
 * percentile "for this class of requests" rather than for that of a server.
 */
final class Hindmost {
  /** The hindmost part of a class. */
  static final double PART = 0.01;

  private Hindmost() {}

  /** Brings times to hedge down to those of the class; shares are those of the class. */
  static void cap(long[] hedgeAfterNanos, double[] share) {
    long latest = latest(hedgeAfterNanos, share);
    for (int i = 0; i < hedgeAfterNanos.length; i++) {
      hedgeAfterNanos[i] = Math.min(hedgeAfterNanos[i], latest);
    }
  }

  private static long latest(long[] hedgeAfterNanos, double[] share) {
    long[] sorted = hedgeAfterNanos.clone();
    Arrays.sort(sorted);
    int low = 0;
    int high = sorted.length - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (behind(sorted[middle], hedgeAfterNanos, share) <= PART) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return sorted.length == 0 ? Long.MAX_VALUE : sorted[low];
  }

  private static double behind(long nanos, long[] hedgeAfterNanos, double[] share) {
    double behind = 0;
    for (int i = 0; i < share.length; i++) {
      behind += hedgeAfterNanos[i] > nanos ? share[i] : 0;
    }
    return behind;
  }
}
