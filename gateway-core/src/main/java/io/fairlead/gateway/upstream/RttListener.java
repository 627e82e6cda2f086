package io.fairlead.gateway.upstream;

/**
 * Hears what connections show of the round trip to an upstream, without a request that costs
 * anything.
 *
 * <p>Thread-safety: called on the loop of the connection.
 */
@FunctionalInterface
public interface RttListener {
  /** Where a sample comes from. */
  enum Source {
    /** How long a TCP connection took to open, with the loop's own delay in it. */
    CONNECT,
    /**
     * The kernel's smoothed round trip of an open connection, delayed acknowledgements included.
     */
    KERNEL
  }

  /**
   * A sample.
   *
   * @param slot the upstream's slot
   * @param source where it comes from
   * @param rttNanos the round trip to where the connection ends, more than 0
   */
  void onRtt(int slot, Source source, long rttNanos);
}
