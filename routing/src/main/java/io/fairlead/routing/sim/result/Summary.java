package io.fairlead.routing.sim.result;

import io.fairlead.routing.MethodClass;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What plays of one scenario under one policy with many seeds say together.
 *
 * @param results one for each seed, at least one
 */
public record Summary(List<Result> results) {
  /** Copies the list. */
  public Summary {
    results = List.copyOf(results);
    if (results.isEmpty()) {
      throw new IllegalArgumentException("results: none (expected: at least one)");
    }
  }

  /**
   * A figure.
   *
   * @param metric which
   * @return its median and interval
   */
  public Estimate get(Metric metric) {
    return estimate(result -> result.get(metric));
  }

  /**
   * A quantile of latency.
   *
   * @param methodClass of which class; null for all classes together
   * @param window in which window
   * @param quantile which
   * @return its median and interval over the plays, in milliseconds
   */
  public Estimate latency(@Nullable MethodClass methodClass, Window window, Quantile quantile) {
    return estimate(result -> result.latencies().millis(methodClass, window, quantile));
  }

  /**
   * Any figure that can be had of a result.
   *
   * @param figure gives it
   * @return its median and interval
   */
  public Estimate estimate(ToDoubleFunction<Result> figure) {
    return Estimate.of(results.stream().mapToDouble(figure).toArray());
  }

  /**
   * The same figures without timelines, which are large.
   *
   * @return the summary
   */
  public Summary withoutTimelines() {
    return new Summary(results.stream().map(Result::withoutTimeline).toList());
  }
}
