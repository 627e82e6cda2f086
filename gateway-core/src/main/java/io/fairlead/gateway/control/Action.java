package io.fairlead.gateway.control;

import io.fairlead.routing.UpstreamSpec;

/** What an override does to its upstreams. */
public sealed interface Action {
  /**
   * Whether an override with this action takes the place of one with the other, given the same
   * target: a weight replaces a weight and a drain a drain.
   *
   * @param other the action of the earlier override
   * @return true if both are of one kind
   */
  default boolean replaces(Action other) {
    return getClass() == other.getClass();
  }

  /**
   * Replaces the configured weight.
   *
   * @param value 0 to 10000, relative; 0 takes no new traffic
   */
  record Weight(int value) implements Action {
    /** Checks the range. */
    public Weight {
      if (value < 0 || value > UpstreamSpec.MAX_WEIGHT) {
        throw new IllegalArgumentException("weight: " + value + " (expected: 0 to 10000)");
      }
    }
  }

  /** Takes new traffic off. */
  record Drain() implements Action {}
}
