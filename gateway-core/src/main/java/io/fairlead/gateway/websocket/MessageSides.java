package io.fairlead.gateway.websocket;

/** Opens what handles the messages of a new connection; called on the connection's event loop. */
@FunctionalInterface
public interface MessageSides {
  /**
   * A new connection.
   *
   * @param connection where answers go
   * @param visit who asks which chain
   */
  MessageSide open(SocketConnection connection, Visit visit);
}
