package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Clients;

/**
 * What the control side knows of a chain and the data plane asks.
 *
 * <p>Thread-safety: called on event loops; must be safe.
 */
public interface ChainFacts {
  /**
   * The chain's id.
   *
   * @return the verified id, or {@link ChainRuntime#UNKNOWN_CHAIN_ID}
   */
  long chainId();

  /** Who asked it, and what they were told. */
  Clients clients();

  /**
   * When its upstreams were last configured.
   *
   * @return monotonic time in nanoseconds
   */
  long configuredNanos();

  /**
   * What its upstreams are known to lack.
   *
   * @return safe for all event loops
   */
  default Holdings holdings() {
    return Holdings.NONE;
  }
}
