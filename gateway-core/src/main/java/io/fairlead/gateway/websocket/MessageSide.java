package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;

/**
 * What is done with the messages of one connection.
 *
 * <p>Thread-safety: called on the connection's event loop.
 */
public interface MessageSide {
  /**
   * A message of the client is whole.
   *
   * @param message its payload; taken over
   * @param isText whether it came as text, checked to be UTF-8, or else as binary
   */
  void onMessage(ByteBuf message, boolean isText);

  /** Whether it can take no more messages now; it calls {@link SocketConnection#onRoom} later. */
  boolean isFull();

  /** The client takes more, or no more. */
  void onWritable(boolean isWritable);

  /** Whether nothing that the client asked is still to be answered. */
  boolean isIdle();

  /** The gateway is going down: no more messages are answered but those under way. */
  void onDrain();

  /** Looks whether what the connection is for is still there. */
  void onSweep();

  /** The connection has ended or is about to: nothing can be answered any more. */
  void onEnd();
}
