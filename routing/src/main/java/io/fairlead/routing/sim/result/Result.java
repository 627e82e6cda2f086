package io.fairlead.routing.sim.result;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of one play.
 *
 * @param run which play
 * @param latencies what clients saw
 * @param figures every metric
 * @param timeline what happened in each tenth of a second
 * @param incidents what gateways decided, in the order of time
 */
public record Result(
    Run run,
    Latencies latencies,
    Map<Metric, Double> figures,
    Timeline timeline,
    List<Incident> incidents) {
  /** Copies the collections. */
  public Result {
    EnumMap<Metric, Double> copy = new EnumMap<>(Metric.class);
    copy.putAll(figures);
    figures = Collections.unmodifiableMap(copy);
    incidents = List.copyOf(incidents);
  }

  /**
   * A figure.
   *
   * @param metric which
   * @return its value; see {@link Metric} for NaN and infinity
   */
  public double get(Metric metric) {
    return figures.getOrDefault(metric, Double.NaN);
  }

  /**
   * How much longer calls took on average than under a policy that knows everything.
   *
   * @param oracle the same scenario and seed under the oracle
   * @return in milliseconds a call, lost calls counting as the timeout; rarely below 0
   */
  public double regretMillis(Result oracle) {
    return get(Metric.MEAN_MILLIS) - oracle.get(Metric.MEAN_MILLIS);
  }

  /**
   * The same without the timeline, which is large, for keeping many.
   *
   * @return the result with an empty timeline
   */
  public Result withoutTimeline() {
    return new Result(run, latencies, figures, Timeline.EMPTY, incidents);
  }
}
