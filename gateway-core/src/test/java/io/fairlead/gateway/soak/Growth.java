package io.fairlead.gateway.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much more of something a process held towards the end of a run than before.
 *
 * <p>The median of the last quarter of the samples is compared with that of the second. The first
 * quarter is warming up: pools fill, code is compiled. Medians, because faults make for peaks that
 * pass: what goes up and comes down again within a quarter moves a median little, while what leaks
 * at a steady pace moves it by as much as leaks in half of the run. The third quarter only makes
 * the distance longer. What is allowed is an absolute number, so that a long run finds slower leaks
 * than a short one.
 *
 * @param name what is held
 * @param second the median of the second quarter
 * @param last the median of the last quarter
 * @param allowed how much more the last may be
 */
record Growth(String name, double second, double last, double allowed) {
  private static final int FEWEST = 8;
  private static final double HALF = 0.5;

  /**
   * Compares two quarters of a run.
   *
   * @param name what is held
   * @param samples how much at even distances, in order; 8 or more
   * @param allowed how much more is no leak, 0 or more
   * @return the comparison
   */
  static Growth of(String name, List<Double> samples, double allowed) {
    int count = samples.size();
    if (count < FEWEST) {
      throw new IllegalArgumentException(
          "samples: " + count + " (expected: " + FEWEST + " or more)");
    }
    return new Growth(
        name,
        median(samples.subList(count / 4, count / 2)),
        median(samples.subList(count * 3 / 4, count)),
        allowed);
  }

  /** Whether the process holds more than it should. */
  boolean isLeak() {
    return last - second > allowed;
  }

  /** How much more it would hold after an hour. */
  double perHour(double runHours) {
    return (last - second) / (runHours * HALF);
  }

  private static double median(List<Double> samples) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.1f in the second quarter, %.1f in the last (%+.1f; allowed %+.1f)%s",
        name,
        second,
        last,
        last - second,
        allowed,
        isLeak() ? " LEAK" : "");
  }
}
