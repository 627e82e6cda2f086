package io.fairlead.routing.sim.baseline;

import java.util.Arrays;

/**
 * How long an upstream took lately, by how many requests it had in flight when one arrived: the
 * median of the last few at that number, or at the nearest number that was seen.
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: Prequal, section on load signals; see {@link Prequal}.
 */
final class LatencyByRif {
  /** Beyond this many in flight the estimates are one. */
  static final int MAX_RIF = 31;

  private static final int SAMPLES = 15;

  private final double[][] ring = new double[MAX_RIF + 1][];
  private final int[] count = new int[MAX_RIF + 1];
  private final double[] median = new double[MAX_RIF + 1];
  private final double[] scratch = new double[SAMPLES];
  private long newestNanos = Long.MIN_VALUE;

  /** Notes a latency of a request that found so many in flight. */
  void add(int rif, double latencyNanos, long nowNanos) {
    int r = Math.min(rif, MAX_RIF);
    if (count[r] == 0) {
      ring[r] = new double[SAMPLES];
    }
    ring[r][count[r]++ % SAMPLES] = latencyNanos;
    median[r] = Double.NaN;
    newestNanos = nowNanos;
  }

  /** When something was noted last; {@link Long#MIN_VALUE} for never. */
  long newestNanos() {
    return newestNanos;
  }

  /** The estimate for the next request when so many are in flight; NaN without any sample. */
  double medianAt(int rif) {
    int r = Math.min(rif, MAX_RIF);
    for (int away = 0; away <= MAX_RIF; away++) {
      if (r - away >= 0 && count[r - away] > 0) {
        return medianOf(r - away);
      }
      if (r + away <= MAX_RIF && count[r + away] > 0) {
        return medianOf(r + away);
      }
    }
    return Double.NaN;
  }

  private double medianOf(int r) {
    if (Double.isNaN(median[r])) {
      int n = Math.min(count[r], SAMPLES);
      System.arraycopy(ring[r], 0, scratch, 0, n);
      Arrays.sort(scratch, 0, n);
      median[r] = scratch[n / 2];
    }
    return median[r];
  }
}
