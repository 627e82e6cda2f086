package io.fairlead.gateway.demo.world;

import io.fairlead.routing.MethodClass;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long nodes work on calls: lognormal by method class.
 *
 * @param byClass one for each class
 */
public record WorkTimes(Map<MethodClass, Lognormal> byClass) {
  /** What a usual node of a public chain takes. */
  public static final WorkTimes USUAL =
      new WorkTimes(
          Map.of(
              MethodClass.LIGHT, new Lognormal(0.8, 0.4),
              MethodClass.READ, new Lognormal(3, 0.5),
              MethodClass.LOGS, new Lognormal(20, 0.6),
              MethodClass.WRITE, new Lognormal(5, 0.5),
              MethodClass.TRACE, new Lognormal(200, 0.6)));

  /**
   * A lognormal distribution.
   *
   * @param medianMillis its median, more than 0
   * @param sigma the standard deviation of its logarithm, 0 or more
   */
  public record Lognormal(double medianMillis, double sigma) {
    /** Checks the ranges. */
    public Lognormal {
      if (!(medianMillis > 0)) {
        throw new IllegalArgumentException("median: " + medianMillis + " (expected: more than 0)");
      }
      if (!(sigma >= 0)) {
        throw new IllegalArgumentException("sigma: " + sigma + " (expected: 0 or more)");
      }
    }

    /**
     * The one with a given mean.
     *
     * @param meanMillis the mean, more than 0
     * @param sigma the standard deviation of its logarithm
     * @return the distribution
     */
    public static Lognormal ofMean(double meanMillis, double sigma) {
      return new Lognormal(meanMillis * Math.exp(-sigma * sigma / 2), sigma);
    }
  }

  /** Copies the map and checks that no class is missing. */
  public WorkTimes {
    byClass = Map.copyOf(new EnumMap<>(byClass));
    for (MethodClass c : MethodClass.ALL) {
      if (!byClass.containsKey(c)) {
        throw new IllegalArgumentException("work: none for " + c + " (expected: every class)");
      }
    }
  }

  /**
   * The times of a class.
   *
   * @param methodClass which
   * @return its distribution
   */
  public Lognormal of(MethodClass methodClass) {
    Lognormal found = byClass.get(methodClass);
    if (found == null) {
      throw new IllegalStateException("no times for " + methodClass);
    }
    return found;
  }
}
