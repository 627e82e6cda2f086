package io.fairlead.gateway.metrics;

import io.fairlead.gateway.cache.AnswerStore;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the kept answers take, read at each scrape. */
final class StoreCollector extends Collector {
  private final Supplier<@Nullable AnswerStore> stores;

  StoreCollector(Supplier<@Nullable AnswerStore> stores) {
    this.stores = stores;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    AnswerStore store = stores.get();
    return List.of(
        gauge("bytes", "Kept answers and their keys.", store == null ? 0 : store.usedBytes()),
        gauge(
            "copying_bytes",
            "Long answers that are being copied or given out.",
            store == null ? 0 : store.copyingBytes()),
        gauge("entries", "Kept answers.", store == null ? 0 : store.size()));
  }

  private static MetricFamilySamples gauge(String name, String help, long value) {
    return new GaugeMetricFamily("fairlead_cache_" + name, help, value);
  }
}
