package io.fairlead.gateway.upstream;

/** Hears how long TCP connections took: a free sample of the round trip to an upstream. */
@FunctionalInterface
public interface RttListener {
  /**
   * A connection was made. Called on the loop that made it.
   *
   * @param slot the upstream's slot
   * @param rttNanos from the first packet to the answer, with the loop's own delay in it
   */
  void onConnected(int slot, long rttNanos);
}
