package io.fairlead.gateway.metrics;

import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.websocket.WebSocketObserver;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/**
 * Counts what happens on WebSocket connections.
 *
 * <p>Thread-safety: safe.
 */
final class WebSocketMetrics implements WebSocketObserver {
  private static final int FIRST_CODE = 1000;
  private static final int LAST_CODE = 1014;

  private final Gauge.Child open;
  private final Counter.Child in;
  private final Counter.Child out;
  private final Counter closed;
  private final ServerMetrics server;

  WebSocketMetrics(CollectorRegistry registry, ServerMetrics server) {
    this.server = server;
    open =
        Gauge.build()
            .name("fairlead_websocket_connections")
            .help("Open WebSocket connections of clients.")
            .register(registry)
            .labels();
    Counter messages =
        Counter.build()
            .name("fairlead_websocket_messages")
            .help("Messages on WebSocket connections of clients.")
            .labelNames("direction")
            .withoutExemplars()
            .register(registry);
    in = messages.labels("in");
    out = messages.labels("out");
    closed =
        Counter.build()
            .name("fairlead_websocket_closes")
            .help("WebSocket connections that ended, by the code of the first close frame.")
            .labelNames("code")
            .withoutExemplars()
            .register(registry);
  }

  @Override
  public void onOpened() {
    open.inc();
  }

  @Override
  public void onClosed(int code) {
    open.dec();
    closed.labels(label(code)).inc();
  }

  /** Clients may send any number from 3000 on; they must not mint series. */
  private static String label(int code) {
    return code >= FIRST_CODE && code <= LAST_CODE ? Integer.toString(code) : "other";
  }

  @Override
  public void onMessageIn() {
    in.inc();
  }

  @Override
  public void onMessageOut() {
    out.inc();
  }

  @Override
  public void onFault(RequestFault fault) {
    server.onRefused(RefusalReason.of(fault));
  }
}
