package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;

/** Sends every message back, as the Autobahn suite expects it of a server. */
final class EchoSide implements MessageSide {
  private final SocketConnection connection;

  EchoSide(SocketConnection connection) {
    this.connection = connection;
  }

  @Override
  public void onMessage(ByteBuf message, boolean isText) {
    connection.send(message, isText);
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void onWritable(boolean isWritable) {}

  @Override
  public boolean isIdle() {
    return true;
  }

  @Override
  public void onDrain() {}

  @Override
  public void onSweep() {}

  @Override
  public void onEnd() {}
}
