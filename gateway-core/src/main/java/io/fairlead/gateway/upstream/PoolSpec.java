package io.fairlead.gateway.upstream;

/**
 * What a pool is to serve.
 *
 * @param slot the upstream's slot, its index in {@link UpstreamPools}
 * @param address where it is
 * @param maxConnections the most connections per loop; the upstream's {@code maxConcurrency}
 * @param pipelines whether brief calls of one turn of the loop may share a connection; see {@link
 *     Trains}
 */
public record PoolSpec(int slot, UpstreamAddress address, int maxConnections, boolean pipelines) {
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

  /** A pool whose connections carry one call at a time. */
  public PoolSpec(int slot, UpstreamAddress address, int maxConnections) {
    this(slot, address, maxConnections, false);
  }
}
