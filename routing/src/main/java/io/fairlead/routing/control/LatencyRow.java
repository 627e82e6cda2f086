package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;

/**
 * What was measured of one upstream and method class lately.
 *
 * @param upstream which
 * @param methodClass of which class
 * @param samples how many, older ones fading
 * @param quantiles of the latency
 * @param costMillis what a call is expected to cost there, {@link Double#NaN} while unknown
 */
public record LatencyRow(
    Upstream upstream,
    MethodClass methodClass,
    double samples,
    Quantiles quantiles,
    double costMillis) {

  /**
   * Quantiles of latency, the network included.
   *
   * @param p50Millis half take at most this
   * @param p95Millis nineteen in twenty
   * @param p99Millis ninety-nine in a hundred
   */
  public record Quantiles(double p50Millis, double p95Millis, double p99Millis) {}
}
