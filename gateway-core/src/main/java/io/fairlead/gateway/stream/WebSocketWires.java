package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.socket.Upgrades;

/**
 * WebSocket connections to one upstream whose messages are taken whole.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public final class WebSocketWires implements Wires {
  private final Upgrades upgrades;
  private final String host;

  /**
   * Connections to an upstream.
   *
   * @param upgrades makes them
   * @param host the upstream's, for logs and events, without secrets
   */
  public WebSocketWires(Upgrades upgrades, String host) {
    this.upgrades = upgrades;
    this.host = host;
  }

  @Override
  public Wire open(WireListener listener) {
    WebSocketWire wire = new WebSocketWire(listener, host);
    wire.begin(upgrades);
    return wire;
  }
}
