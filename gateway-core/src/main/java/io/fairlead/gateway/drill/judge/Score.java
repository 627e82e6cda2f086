package io.fairlead.gateway.drill.judge;

import io.fairlead.routing.sim.result.Estimate;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one contestant reached in one scenario, over all seeds.
 *
 * @param contestant who played
 * @param scenario what was played
 * @param first the play with the first seed, with its timeline
 * @param values of each measure, one for each seed in their order; not to be changed
 */
public record Score(
    String contestant, Scenario scenario, Result first, Map<Measure, double[]> values) {
  private static final double NORMAL_95 = 1.96;

  /** Copies the map. */
  public Score {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * A figure over all seeds.
   *
   * @param measure which
   * @return the median with its interval; for what hardly ever happens in one play, the mean
   */
  public Estimate get(Measure measure) {
    double[] each = each(measure);
    return measure.figure().isRare() ? mean(each) : Estimate.of(each);
  }

  /**
   * A figure's ratio to that of another, seed by seed.
   *
   * @param measure which
   * @param other who is compared with, over the same seeds
   * @return the median ratio; 1 where both are equal
   */
  public Estimate ratio(Measure measure, Score other) {
    double[] own = each(measure);
    double[] theirs = other.each(measure);
    double[] ratios = new double[Math.min(own.length, theirs.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own[i] == theirs[i] ? 1 : own[i] / theirs[i];
    }
    return Estimate.of(ratios);
  }

  private double[] each(Measure measure) {
    double[] each = values.get(measure);
    if (each == null) {
      throw new IllegalArgumentException("measure: " + measure + " (expected: one that was taken)");
    }
    return each;
  }

  /** The mean, with the normal interval around it, within 0 and the largest. */
  private static Estimate mean(double[] values) {
    double[] real = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    int n = real.length;
    double mean = Arrays.stream(real).average().orElse(Double.NaN);
    double squares = Arrays.stream(real).map(v -> (v - mean) * (v - mean)).sum();
    double half = n < 2 ? 0 : NORMAL_95 * Math.sqrt(squares / (n - 1) / n);
    double most = Arrays.stream(real).max().orElse(Double.NaN);
    return new Estimate(mean, Math.max(0, mean - half), Math.min(most, mean + half), n);
  }
}
