package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Memory outside the heap that network buffers take. */
final class MemoryCollector extends Collector {
  private final DoubleSupplier usedBytes;

  MemoryCollector(DoubleSupplier usedBytes) {
    this.usedBytes = usedBytes;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "fairlead_direct_memory_bytes",
            "Memory outside the heap held for network buffers.",
            usedBytes.getAsDouble()));
  }
}
