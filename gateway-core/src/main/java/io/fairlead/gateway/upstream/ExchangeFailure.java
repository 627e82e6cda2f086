package io.fairlead.gateway.upstream;

/**
 * Why an attempt got no whole answer.
 *
 * @param kind what happened
 * @param maybeProcessed whether the whole request may have reached the node; if not, repeating it
 *     is safe whatever its method
 * @param text for logs and events, with the upstream's host and without secrets
 */
public record ExchangeFailure(Kind kind, boolean maybeProcessed, String text) {
  /** What happened. */
  public enum Kind {
    /** The host name has no address. */
    DNS,
    /** Nobody listens there. */
    CONNECT_REFUSED,
    /** No answer to the connection or the TLS handshake in time. */
    CONNECT_TIMEOUT,
    /** No connection for another reason: unreachable, reset, no sockets left. */
    CONNECT_FAILED,
    /** No trust: certificate, host name or protocol. */
    TLS,
    /** The connection was reset, or the call's stream on it. */
    RESET,
    /** The connection ended before the answer did. */
    CLOSED_EARLY,
    /** A reused connection ended before the first byte of the answer: nobody's fault. */
    STALE_CONNECTION,
    /** The answer is not strict HTTP or beyond the limits. */
    MALFORMED,
    /** This loop has as many connections to the upstream, or streams, as it may. */
    AT_CAPACITY,
    /** The upstream was dropped by a reload, or the gateway is ending. */
    POOL_CLOSED
  }
}
