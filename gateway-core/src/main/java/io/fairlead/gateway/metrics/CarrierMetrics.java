package io.fairlead.gateway.metrics;

import io.fairlead.gateway.upstream.socket.CarrierObserver;
import io.prometheus.client.Counter;
import java.util.Locale;

/**
 * Counts which way the calls to one upstream go.
 *
 * <p>Thread-safety: safe.
 *
 * @param families the metrics
 * @param labels the upstream
 * @param http calls over HTTP
 * @param socket calls over WebSocket
 */
record CarrierMetrics(
    Families families, UpstreamLabels labels, Counter.Child http, Counter.Child socket)
    implements CarrierObserver {
  private static final String HTTP = "http";
  private static final String WEB_SOCKET = "websocket";

  CarrierMetrics(Families families, UpstreamLabels labels) {
    this(
        families,
        labels,
        families.carried.labels(labels.with(HTTP)),
        families.carried.labels(labels.with(WEB_SOCKET)));
  }

  private static String label(Moved why) {
    return why.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void onCall(boolean overSocket) {
    (overSocket ? socket : http).inc();
  }

  @Override
  public void onMoved(Moved why) {
    families.moved.labels(labels.with(label(why))).inc();
  }

  @Override
  public void onStray() {
    families.strays.labels(labels.with()).inc();
  }

  @Override
  public void onOpen() {
    families.callSockets.labels(labels.with()).inc();
  }

  @Override
  public void onEnd() {
    families.callSockets.labels(labels.with()).dec();
  }

  /** Drops what was counted of an upstream that is gone. */
  static void remove(Families families, UpstreamLabels labels) {
    families.carried.remove(labels.with(HTTP));
    families.carried.remove(labels.with(WEB_SOCKET));
    for (Moved why : Moved.values()) {
      families.moved.remove(labels.with(label(why)));
    }
    families.strays.remove(labels.with());
    families.callSockets.remove(labels.with());
  }
}
