package io.fairlead.gateway.stream;

/**
 * One WebSocket connection to an upstream, on its way or open.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public interface Wire {
  /** Sends a text message; the wire must be open. */
  void send(String text);

  /** Sends a ping; the wire must be open. */
  void ping();

  /** Ends it; nothing is heard of it any more. */
  void close();
}
