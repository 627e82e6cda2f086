package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.socket.WireFailure;

/** Hears one WebSocket connection, on its loop. */
public interface WireListener {
  /** The upgrade is done; messages may be sent. */
  void onOpen();

  /**
   * A whole message came.
   *
   * @param text its bytes, the callee's own
   */
  void onMessage(byte[] text);

  /** Something came, be it a ping or a pong: the other side lives. */
  void onSign();

  /**
   * The connection has ended, or was never made; nothing is heard of it any more.
   *
   * @param failure why
   */
  void onEnd(WireFailure failure);
}
