package io.fairlead.gateway.stream;

/**
 * Why a question to an upstream has no result.
 *
 * @param kind what happened
 * @param text for logs and events, names the upstream, without secrets
 */
public record RpcFailure(Kind kind, String text) {
  /** What happened. */
  public enum Kind {
    /** It answered with an error. */
    REFUSED,
    /** It says that it knows no such method. */
    UNKNOWN_METHOD,
    /** No answer in time. */
    TIMEOUT,
    /** There is no connection, or it ended before the answer. */
    DISCONNECTED,
    /** Its answer is none. */
    MALFORMED
  }
}
