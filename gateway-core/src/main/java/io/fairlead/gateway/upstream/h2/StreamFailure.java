package io.fairlead.gateway.upstream.h2;

/**
 * Why a stream brought no whole answer.
 *
 * @param cause what happened
 * @param maybeProcessed whether the whole request may have reached the server's application
 * @param text without anything that the server sent
 */
public record StreamFailure(Cause cause, boolean maybeProcessed, String text) {
  /** What happened. */
  public enum Cause {
    /** The server says that it has not begun with it: it may be asked again, elsewhere. */
    REFUSED,
    /** The server wants to be asked in HTTP/1.1. */
    HTTP_1_1_REQUIRED,
    /** The stream was reset, or the connection. */
    RESET,
    /** The connection ended before the answer did. */
    CLOSED_EARLY,
    /** A connection that had been used ended before the first byte for this stream. */
    STALE_CONNECTION,
    /** The answer is not strict HTTP/2 or beyond the limits. */
    MALFORMED,
    /** TLS broke. */
    TLS
  }
}
