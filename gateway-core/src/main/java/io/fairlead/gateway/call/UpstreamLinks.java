package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's links to the upstreams that the routing tables name.
 *
 * <p>Thread-safety: confined to the event loop.
 */
@FunctionalInterface
public interface UpstreamLinks {
  /**
   * The link to an upstream, made when it is first asked for.
   *
   * @param upstream one that a routing table of a running chain has named
   * @return the link, or null if a reload has dropped the upstream meanwhile
   */
  @Nullable UpstreamLink to(Upstream upstream);
}
