package io.fairlead.routing;

import java.util.List;

/**
 * What an operator said of an upstream, as far as routing needs to know.
 *
 * @param id unique within the chain
 * @param domains the failure domains it belongs to; the smallest (region) first
 * @param weight 0 to 10000, relative; 0 takes no new traffic
 * @param tier 0 first; a higher tier serves only what lower tiers cannot
 * @param maxConcurrency the most attempts in flight at once; {@link Integer#MAX_VALUE} for no limit
 */
public record UpstreamSpec(
    String id, List<FailureDomain> domains, int weight, int tier, int maxConcurrency) {
  /** The largest weight. */
  public static final int MAX_WEIGHT = 10_000;

  /** Checks the ranges and copies the list. */
  public UpstreamSpec {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id: '" + id + "' (expected: a name)");
    }
    domains = List.copyOf(domains);
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 0 to 10000)");
    }
    if (tier < 0) {
      throw new IllegalArgumentException("tier: " + tier + " (expected: 0 or more)");
    }
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException(
          "maxConcurrency: " + maxConcurrency + " (expected: 1 or more)");
    }
  }
}
