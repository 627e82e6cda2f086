package io.fairlead.gateway.stream;

/**
 * Makes WebSocket connections to one upstream.
 *
 * <p>Thread-safety: confined to the home loop.
 */
@FunctionalInterface
public interface Wires {
  /**
   * Begins to connect.
   *
   * @param listener hears the connection, never before this returns
   * @return the connection on its way
   */
  Wire open(WireListener listener);
}
