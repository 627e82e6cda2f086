package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How many subscriptions there are, by chain and kind. */
final class SubscriptionCollector extends Collector {
  private final Supplier<Map<String, Map<String, Long>>> byChain;

  SubscriptionCollector(Supplier<Map<String, Map<String, Long>>> byChain) {
    this.byChain = byChain;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "fairlead_subscriptions", "Subscriptions of clients.", List.of("chain", "kind"));
    byChain
        .get()
        .forEach(
            (chain, byKind) ->
                byKind.forEach((kind, count) -> family.addMetric(List.of(chain, kind), count)));
    return List.of(family);
  }
}
