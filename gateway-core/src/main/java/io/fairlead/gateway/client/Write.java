package io.fairlead.gateway.client;

import io.fairlead.routing.Upstream;
import java.util.List;
import java.util.stream.Stream;

/**
 * A transaction of a client that upstreams have accepted.
 *
 * @param hash {@code 0x} and 64 lower-case digits
 * @param upstreams who accepted it, at least one
 * @param acceptedNanos when the first did, monotonic time
 */
public record Write(String hash, List<Upstream> upstreams, long acceptedNanos) {
  /** Copies the list. */
  public Write {
    upstreams = List.copyOf(upstreams);
  }

  /**
   * Whether an upstream accepted it.
   *
   * @param upstream which
   * @return whether it is sure to know the transaction
   */
  public boolean isKnownTo(Upstream upstream) {
    return upstreams.contains(upstream);
  }

  boolean isHeld(long nowNanos, long holdNanos) {
    return nowNanos - acceptedNanos < holdNanos;
  }

  Write joinedBy(Write other) {
    List<Upstream> all =
        Stream.concat(upstreams.stream(), other.upstreams.stream()).distinct().toList();
    return new Write(hash, all, acceptedNanos);
  }
}
