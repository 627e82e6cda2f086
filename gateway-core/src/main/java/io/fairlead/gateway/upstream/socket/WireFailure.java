package io.fairlead.gateway.upstream.socket;

/**
 * Why a WebSocket connection could not be made or has ended.
 *
 * @param kind what happened
 * @param retryAfterSeconds how long the upstream asks to be left alone; 0 if it does not
 * @param text for logs and events, names the upstream's host, without secrets
 */
public record WireFailure(Kind kind, long retryAfterSeconds, String text) {
  /** What happened. */
  public enum Kind {
    /** No connection: name, network, TLS or time. */
    UNREACHABLE,
    /** Its HTTP answer to the upgrade is a refusal. */
    REFUSED,
    /** It was open and ended. */
    ENDED,
    /** What came is no WebSocket or no JSON-RPC, or beyond the limits. */
    MALFORMED
  }

  /**
   * A failure after which nothing is asked for.
   *
   * @param kind what happened
   * @param text for logs and events
   */
  public static WireFailure of(Kind kind, String text) {
    return new WireFailure(kind, 0, text);
  }
}
