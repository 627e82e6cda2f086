package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What the outbox holds. */
final class OutboxCollector extends Collector {
  private final DoubleSupplier entries;
  private final DoubleSupplier usedBytes;

  OutboxCollector(DoubleSupplier entries, DoubleSupplier usedBytes) {
    this.entries = entries;
    this.usedBytes = usedBytes;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "fairlead_transactions_outbox", "Transactions in the outbox.", entries.getAsDouble()),
        new GaugeMetricFamily(
            "fairlead_transactions_outbox_bytes",
            "What the transactions in the outbox take of its size.",
            usedBytes.getAsDouble()));
  }
}
