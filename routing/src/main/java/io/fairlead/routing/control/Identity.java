package io.fairlead.routing.control;

/** What is known of the chain that an upstream serves. Only {@link #VERIFIED} upstreams serve. */
public enum Identity {
  /** Nothing yet. */
  UNKNOWN,
  /** The right chain. */
  VERIFIED,
  /** Another chain: never used. */
  WRONG_CHAIN,
  /** The right chain, still catching up. */
  SYNCING
}
