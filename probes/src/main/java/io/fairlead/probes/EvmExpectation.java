package io.fairlead.probes;

/**
 * What an EVM upstream must be to serve.
 *
 * @param chainId the configured chain id, which {@code eth_chainId} must answer
 */
public record EvmExpectation(long chainId) {
  /** Checks the range. */
  public EvmExpectation {
    if (chainId <= 0) {
      throw new IllegalArgumentException("chainId: " + chainId + " (expected: 1 or more)");
    }
  }
}
