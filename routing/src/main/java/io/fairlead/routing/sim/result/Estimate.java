package io.fairlead.routing.sim.result;

import java.util.Arrays;

/**
 * What many plays say of one figure.
 *
 * @param median of the plays to which it applies; NaN if there are none
 * @param low the lower end of a 95 % confidence interval of the median
 * @param high its upper end
 * @param runs how many plays it applies to
 */
public record Estimate(double median, double low, double high, int runs) {
  private static final double TAIL = 0.025;

  /**
   * Estimates from plays.
   *
   * <p><b>Idea.</b> Of n independent plays the number below the true median is binomial (n, 1/2)
   * whatever the distribution, so the k-th smallest and the k-th largest enclose it with a
   * probability of 1 - 2 P(B &lt; k). k is the largest for which that is at least 95 %; with 20
   * plays the sixth and the fifteenth. Below six plays no pair reaches 95 % and the extremes are
   * given.
   *
   * <p>Source: David and Nagaraja, "Order Statistics", 3rd edition, section 7.1.
   *
   * @param values one for each play; NaN where it does not apply
   * @return the estimate
   */
  public static Estimate of(double[] values) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return new Estimate(Double.NaN, Double.NaN, Double.NaN, 0);
    }
    double middle = n % 2 == 1 ? sorted[n / 2] : midpoint(sorted[n / 2 - 1], sorted[n / 2]);
    int k = rank(n);
    return new Estimate(middle, sorted[k - 1], sorted[n - k], n);
  }

  private static double midpoint(double a, double b) {
    return a == b ? a : (a + b) / 2;
  }

  /** The largest k with P(Binomial(n, 1/2) < k) at most a half of 5 %, at least 1. */
  private static int rank(int n) {
    double probability = Math.pow(0.5, n);
    double below = probability;
    int k = 0;
    while (below <= TAIL && k < n / 2) {
      k++;
      probability *= (double) (n - k + 1) / k;
      below += probability;
    }
    return Math.max(1, k);
  }
}
