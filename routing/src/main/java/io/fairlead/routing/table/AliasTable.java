package io.fairlead.routing.table;

/**
 * A discrete distribution from which a draw takes constant time.
 *
 * <p><b>Idea.</b> Cut the histogram of n weights into n columns of equal height, each filled by at
 * most two owners: the column's own outcome below a threshold and one <i>alias</i> above it. A draw
 * chooses a column, then a height; whoever owns the spot is the outcome. One 64-bit random number
 * is enough: its upper half chooses the column, its lower half the height.
 *
 * <p><b>Bounds.</b> Each outcome's probability is exact to about 2<sup>-31</sup>: the column is
 * chosen by multiplication (a bias below n/2<sup>32</sup>), the threshold is kept to
 * 2<sup>-32</sup>.
 *
 * <p><b>Cost.</b> Building is O(n) in time and space; a draw reads two array elements and allocates
 * nothing.
 *
 * <p><b>Deviation.</b> A weight of 0 never is an outcome, whatever the rounding: such columns have
 * the threshold 0, and a column left over by rounding keeps itself only if its weight is positive.
 *
 * <p>Thread-safety: immutable.
 *
 * <p>Source: A. J. Walker, "An efficient method for generating discrete random variables with
 * general distributions", ACM TOMS 3 (1977); M. D. Vose, "A linear algorithm for generating random
 * numbers with a given distribution", IEEE TSE 17 (1991), whose linear construction this is.
 */
final class AliasTable {
  private static final double WHOLE = 0x1p32;

  private final long[] threshold;
  private final int[] alias;

  /**
   * A table for the given weights.
   *
   * @param weights 0 or more each, at least one of them positive; relative
   */
  AliasTable(double[] weights) {
    int n = weights.length;
    double sum = sum(weights);
    threshold = new long[n];
    alias = new int[n];
    double[] height = new double[n];
    int[] work = new int[n];
    int small = 0;
    int large = n;
    int heaviest = 0;
    for (int i = 0; i < n; i++) {
      height[i] = weights[i] * n / sum;
      heaviest = weights[i] > weights[heaviest] ? i : heaviest;
      if (height[i] < 1) {
        work[small++] = i;
      } else {
        work[--large] = i;
      }
    }
    fill(height, work, small, large);
    for (int i = 0; i < n; i++) {
      if (weights[i] == 0 && threshold[i] > 0) {
        threshold[i] = 0;
        alias[i] = heaviest;
      }
    }
  }

  private void fill(double[] height, int[] work, int smallCount, int largeStart) {
    int n = height.length;
    int small = smallCount;
    int large = largeStart;
    while (small > 0 && large < n) {
      int less = work[--small];
      int more = work[large];
      threshold[less] = (long) (height[less] * WHOLE);
      alias[less] = more;
      height[more] -= 1 - height[less];
      if (height[more] < 1) {
        large++;
        work[small++] = more;
      }
    }
    while (large < n) {
      keepWhole(work[large++]);
    }
    while (small > 0) {
      keepWhole(work[--small]);
    }
  }

  private void keepWhole(int column) {
    threshold[column] = (long) WHOLE;
    alias[column] = column;
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: finite, 0 or more)");
      }
      sum += weight;
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("weights: sum " + sum + " (expected: more than 0)");
    }
    return sum;
  }

  /**
   * The outcome that a random number stands for.
   *
   * @param bits 64 uniformly random bits
   * @return an index of a positive weight
   */
  int draw(long bits) {
    int column = (int) (((bits >>> 32) * threshold.length) >>> 32);
    return (bits & 0xFFFF_FFFFL) < threshold[column] ? column : alias[column];
  }
}
