package io.fairlead.routing.control;

import java.util.Map;

/**
 * How a chain's operator wants traffic to be spread.
 *
 * @param bias how strongly near and fast upstreams are preferred; 0 for exactly the weights
 * @param maxLagBlocks behind the chain's head before an upstream serves no head-sensitive call
 * @param maxShare the largest share of a failure domain by its kind, 0 to 1; absent for no cap
 * @param hedgeQuantile the quantile of latency at which a hedge is sent, 0 to 1; 0 turns hedges off
 * @param timeoutNanos for one client call, retries and hedges included
 */
public record RoutingPolicy(
    double bias,
    long maxLagBlocks,
    Map<String, Double> maxShare,
    double hedgeQuantile,
    long timeoutNanos) {

  /** The defaults of the configuration: bias 2, three blocks, no caps, p95, ten seconds. */
  public static final RoutingPolicy DEFAULT =
      new RoutingPolicy(2, 3, Map.of(), 0.95, 10_000_000_000L);

  /** Checks the ranges and copies the map. */
  public RoutingPolicy {
    maxShare = Map.copyOf(maxShare);
    require(bias >= 0 && bias <= 100, "bias", bias, "0 to 100");
    require(maxLagBlocks >= 0, "maxLag", maxLagBlocks, "0 or more");
    require(hedgeQuantile >= 0 && hedgeQuantile < 1, "hedge.after", hedgeQuantile, "below 1");
    require(timeoutNanos > 0, "timeout", timeoutNanos, "more than 0");
    maxShare.forEach(
        (kind, share) -> require(share > 0 && share <= 1, "maxShare." + kind, share, "0 to 1"));
  }

  private static void require(boolean isGood, String field, Object value, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + rule + ")");
    }
  }
}
