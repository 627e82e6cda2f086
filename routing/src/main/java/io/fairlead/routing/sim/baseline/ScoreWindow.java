package io.fairlead.routing.sim.baseline;

import java.util.Arrays;

/**
 * What came of the requests of the last minute: counts, and latencies in a histogram of buckets
 * that grow by a fifth of an octave.
 *
 * <p>The minute has four slices of 15 s; {@link #rotate} drops the oldest. A quantile is exact to 7
 * %.
 *
 * <p>Thread-safety: none.
 */
final class ScoreWindow {
  private static final int SLICES = 4;
  private static final double PER_OCTAVE = 5;
  private static final double LEAST_MILLIS = 0.1;
  private static final int BUCKETS = 110;
  private static final int GOOD = BUCKETS;
  private static final int BAD = BUCKETS + 1;
  private static final int LIMITED = BUCKETS + 2;

  private final int[][] slices = new int[SLICES][BUCKETS + 3];
  private final int[] sums = new int[BUCKETS + 3];
  private int current;

  /** Notes an answer. */
  void addGood(double millis) {
    double place = Math.log(Math.max(millis, LEAST_MILLIS) / LEAST_MILLIS) / Math.log(2);
    add(Math.min(BUCKETS - 1, (int) (place * PER_OCTAVE)));
    add(GOOD);
  }

  /** Notes an error of the upstream. */
  void addBad() {
    add(BAD);
  }

  /** Notes a 429. */
  void addLimited() {
    add(LIMITED);
  }

  /** Lets the oldest slice go and begins a new one. */
  void rotate() {
    current = (current + 1) % SLICES;
    for (int i = 0; i < sums.length; i++) {
      sums[i] -= slices[current][i];
    }
    Arrays.fill(slices[current], 0);
  }

  /** How many requests came to an end. */
  int samples() {
    return sums[GOOD] + sums[BAD] + sums[LIMITED];
  }

  /** Errors by requests; 0 without any. */
  double errorRate() {
    return samples() == 0 ? 0 : (double) sums[BAD] / samples();
  }

  /** 429s by requests; 0 without any. */
  double throttledRate() {
    return samples() == 0 ? 0 : (double) sums[LIMITED] / samples();
  }

  /** A quantile of the latencies of answers in milliseconds; 0 without any. */
  double quantileMillis(double quantile) {
    double rank = quantile * sums[GOOD];
    int below = 0;
    for (int i = 0; i < BUCKETS; i++) {
      below += sums[i];
      if (below > 0 && below >= rank) {
        return LEAST_MILLIS * Math.pow(2, (i + 0.5) / PER_OCTAVE);
      }
    }
    return 0;
  }

  private void add(int place) {
    slices[current][place]++;
    sums[place]++;
  }
}
