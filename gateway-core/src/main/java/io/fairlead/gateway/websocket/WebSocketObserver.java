package io.fairlead.gateway.websocket;

import io.fairlead.gateway.jsonrpc.RequestFault;

/**
 * Counts what happens on WebSocket connections.
 *
 * <p>Thread-safety: called on all event loops, for every message; must be safe and quick.
 */
public interface WebSocketObserver {
  /** A connection was upgraded. */
  void onOpened();

  /**
   * A connection ended.
   *
   * @param code of the close frame that began it, ours or the client's; {@link
   *     CloseCode#NO_CLOSE_FRAME} if there was none
   */
  void onClosed(int code);

  /** A client's message is whole. */
  void onMessageIn();

  /** A message, answer or notification, is written. */
  void onMessageOut();

  /** A message had no call in it that could be served. */
  void onFault(RequestFault fault);
}
