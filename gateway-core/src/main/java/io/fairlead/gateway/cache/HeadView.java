package io.fairlead.gateway.cache;

/**
 * Tells what a chain is agreed to look like now.
 *
 * <p>Thread-safety: safe; called on event loops for every call that may be kept, so it must be
 * quick: reading one reference.
 */
@FunctionalInterface
public interface HeadView {
  /** The chain now. */
  ChainView now();
}
