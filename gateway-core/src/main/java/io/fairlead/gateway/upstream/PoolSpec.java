package io.fairlead.gateway.upstream;

/**
 * What a pool is to serve.
 *
 * @param slot the upstream's slot, its index in {@link UpstreamPools}
 * @param address where it is
 * @param maxConnections the most connections per loop, or exchanges where a connection carries
 *     several; the upstream's {@code maxConcurrency}
 * @param pipelines whether brief calls of one turn of the loop may share a connection of HTTP/1.1;
 *     see {@link Trains}
 * @param http2 when it is spoken to in HTTP/2
 */
public record PoolSpec(
    int slot, UpstreamAddress address, int maxConnections, boolean pipelines, Http2Use http2) {
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

  /** HTTP/2 where it is offered; a connection of HTTP/1.1 carries one call at a time. */
  public PoolSpec(int slot, UpstreamAddress address, int maxConnections) {
    this(slot, address, maxConnections, false, Http2Use.AUTO);
  }
}
