package io.fairlead.gateway.metrics;

import io.fairlead.gateway.admission.AdmissionObserver;
import io.fairlead.gateway.admission.MemoryStage;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what happens on the rpc port before there is a call.
 *
 * <p>Thread-safety: safe.
 */
public final class ServerMetrics implements AdmissionObserver {
  private final Gauge.Child open;
  private final Counter accepted;
  private final Gauge memoryStage;
  private final Gauge shedding;
  private final Gauge unread;
  private final Counter.Child tls12;
  private final Counter.Child tls13;
  private final Map<RefusalReason, Counter.Child> refused = new EnumMap<>(RefusalReason.class);

  ServerMetrics(Families families, CollectorRegistry registry) {
    open =
        Gauge.build()
            .name("fairlead_connections")
            .help("Open connections of clients.")
            .labelNames("listener")
            .register(registry)
            .labels("rpc");
    accepted = families.accepted;
    memoryStage =
        Gauge.build()
            .name("fairlead_memory_stage")
            .help("What is done about memory: 0 nothing, 1 not read, 2 not kept alive, 3 refused.")
            .labelNames("loop")
            .register(registry);
    shedding =
        Gauge.build()
            .name("fairlead_shedding")
            .help("1 while the event loop refuses calls because it gets more than it can carry.")
            .labelNames("loop")
            .register(registry);
    unread =
        Gauge.build()
            .name("fairlead_unread_connections")
            .help("Connections of refused clients that are not read until it is their turn.")
            .labelNames("loop")
            .register(registry);
    Counter handshakes =
        Counter.build()
            .name("fairlead_tls_handshakes")
            .help("Handshakes of clients that succeeded; resumed sessions count too.")
            .labelNames("listener", "version")
            .register(registry);
    tls12 = handshakes.labels("rpc", "TLSv1.2");
    tls13 = handshakes.labels("rpc", "TLSv1.3");
    for (RefusalReason reason : RefusalReason.values()) {
      refused.put(reason, families.refused.labels(reason.label()));
    }
  }

  @Override
  public void onMemory(int loop, MemoryStage stage) {
    memoryStage.labels(Integer.toString(loop)).set(stage.level());
  }

  @Override
  public void onShedding(int loop, boolean isShedding) {
    shedding.labels(Integer.toString(loop)).set(isShedding ? 1 : 0);
  }

  @Override
  public void onUnread(int loop, int connections) {
    unread.labels(Integer.toString(loop)).set(connections);
  }

  /** A client connected. */
  public void onConnected() {
    accepted.inc();
    open.inc();
  }

  /** A client's connection ended. */
  public void onDisconnected() {
    open.dec();
  }

  /**
   * A client's connection is encrypted from now on.
   *
   * @param version {@code TLSv1.2} or {@code TLSv1.3}
   */
  public void onHandshake(String version) {
    (version.equals("TLSv1.3") ? tls13 : tls12).inc();
  }

  /**
   * Something was turned away.
   *
   * @param reason why
   */
  public void onRefused(RefusalReason reason) {
    Objects.requireNonNull(refused.get(reason)).inc();
  }
}
