package io.fairlead.gateway.upstream;

import java.time.Duration;

/**
 * How long connections to upstreams may take and stay.
 *
 * @param connectTimeout for TCP, over all addresses of a host
 * @param handshakeTimeout for TLS
 * @param idleTimeout the longest that an unused connection is kept; each stays up to a tenth less
 */
public record ConnectionPolicy(
    Duration connectTimeout, Duration handshakeTimeout, Duration idleTimeout) {
  /** Two seconds to connect, five for the handshake, idle a little below the usual 60 s. */
  public static final ConnectionPolicy DEFAULT =
      new ConnectionPolicy(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(55));

  /** Checks that each is positive. */
  public ConnectionPolicy {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("handshakeTimeout", handshakeTimeout);
    requirePositive("idleTimeout", idleTimeout);
  }

  private static void requirePositive(String field, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: 1ms or more)");
    }
  }
}
