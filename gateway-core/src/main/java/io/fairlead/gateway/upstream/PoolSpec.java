package io.fairlead.gateway.upstream;

/**
 * What a pool is to serve.
 *
 * @param slot the upstream's slot, its index in {@link UpstreamPools}
 * @param address where it is
 * @param maxConnections the most connections per loop; the upstream's {@code maxConcurrency}
 */
public record PoolSpec(int slot, UpstreamAddress address, int maxConnections) {
  /** Checks the ranges. */
  public PoolSpec {
    if (slot < 0) {
      throw new IllegalArgumentException("slot: " + slot + " (expected: 0 or more)");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "maxConnections: " + maxConnections + " (expected: 1 or more)");
    }
  }
}
