package io.fairlead.gateway.live;

import java.util.Arrays;

/**
 * The share of some upstreams in new calls, as it changed over a play.
 *
 * <p>Thread-safety: none. Units: nanoseconds from the start of the play; shares 0 to 1.
 */
final class ShareTrack {
  private static final double GONE = 0.05;
  private static final double BACK = 0.95;
  private static final double NOISE = 0.02;
  private static final double NANOS_A_MILLI = 1e6;

  private long[] nanos = new long[1_024];
  private double[] shares = new double[1_024];
  private int size;

  /** Adds what it is at an instant, which is later than those before. */
  void add(long atNanos, double share) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * size);
      shares = Arrays.copyOf(shares, 2 * size);
    }
    nanos[size] = atNanos;
    shares[size] = share;
    size++;
  }

  /** The mean over a span; NaN if nothing was seen in it. */
  double mean(long fromNanos, long untilNanos) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (nanos[i] >= fromNanos && nanos[i] < untilNanos) {
        sum += shares[i];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** How long it took from an instant until it was under a twentieth; infinite for never. */
  double goneMillis(long fromNanos) {
    return until(fromNanos, 0, GONE);
  }

  /** How long it took from an instant until 95 % of what it had been; infinite for never. */
  double backMillis(long fromNanos, double shareBefore) {
    return until(fromNanos, BACK * shareBefore, Double.POSITIVE_INFINITY);
  }

  private double until(long fromNanos, double low, double high) {
    for (int i = 0; i < size; i++) {
      if (nanos[i] >= fromNanos && shares[i] >= low && shares[i] < high) {
        return (nanos[i] - fromNanos) / NANOS_A_MILLI;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /**
   * The way that the share travelled from an instant on, over the way of who goes straight down to
   * the least and straight up to where it ended: 1 is ideal. Turns of less than two hundredths are
   * taken for noise. NaN if it did not move.
   */
  double oscillation(long fromNanos) {
    int first = 0;
    while (first < size && nanos[first] < fromNanos) {
      first++;
    }
    if (first >= size) {
      return Double.NaN;
    }
    double least = Arrays.stream(shares, first, size).min().orElseThrow();
    double straight = shares[first] - least + shares[size - 1] - least;
    return straight < NOISE ? Double.NaN : travelled(first) / straight;
  }

  /** The sum of the legs between turning points. */
  private double travelled(int first) {
    double sum = 0;
    double turn = shares[first];
    double reached = turn;
    for (int i = first; i < size; i++) {
      boolean isFurther = Math.abs(shares[i] - turn) > Math.abs(reached - turn);
      boolean isSameWay = (shares[i] - turn) * (reached - turn) >= 0;
      if (isFurther && isSameWay) {
        reached = shares[i];
      } else if (Math.abs(shares[i] - reached) >= NOISE) {
        sum += Math.abs(reached - turn);
        turn = reached;
        reached = shares[i];
      }
    }
    return sum + Math.abs(reached - turn);
  }
}
