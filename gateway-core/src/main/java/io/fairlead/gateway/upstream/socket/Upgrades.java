package io.fairlead.gateway.upstream.socket;

/**
 * Makes WebSocket connections to one upstream.
 *
 * <p>Thread-safety: loop-confined.
 */
@FunctionalInterface
public interface Upgrades {
  /** The name of the handler that decodes frames. */
  String DECODER = "ws-decoder";

  /** The name of the handler that encodes frames. */
  String ENCODER = "ws-encoder";

  /**
   * Begins to connect.
   *
   * @param listener hears the end, never before this returns
   * @return the connection on its way
   */
  Upgrade begin(UpgradeListener listener);
}
