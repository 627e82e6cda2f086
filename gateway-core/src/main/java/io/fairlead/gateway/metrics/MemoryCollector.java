package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Memory outside the heap that network buffers take. */
final class MemoryCollector extends Collector {
  private final DoubleSupplier reservedBytes;
  private final DoubleSupplier heldBytes;

  MemoryCollector(DoubleSupplier reservedBytes, DoubleSupplier heldBytes) {
    this.reservedBytes = reservedBytes;
    this.heldBytes = heldBytes;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "fairlead_direct_memory_bytes",
            "Memory outside the heap held for network buffers.",
            reservedBytes.getAsDouble()),
        new GaugeMetricFamily(
            "fairlead_direct_memory_used_bytes",
            "What live network buffers hold of it.",
            heldBytes.getAsDouble()));
  }
}
