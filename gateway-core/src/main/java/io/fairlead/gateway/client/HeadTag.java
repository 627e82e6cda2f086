package io.fairlead.gateway.client;

/**
 * A name for a block that moves as the chain grows, and on which a client must not see it shrink.
 */
public enum HeadTag {
  /** The newest block. */
  LATEST,
  /** The newest block that is unlikely to be replaced. */
  SAFE,
  /** The newest block that will not be replaced. */
  FINALIZED
}
