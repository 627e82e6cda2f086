package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the cache did for calls: it is by-passed by all of them, as there is none yet. */
final class CacheCollector extends Collector {
  private final Counter requests;

  CacheCollector(Counter requests) {
    this.requests = requests;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Map<String, Double> byChain = new TreeMap<>();
    for (MetricFamilySamples family : requests.collect()) {
      for (MetricFamilySamples.Sample sample : family.samples) {
        if (sample.name.endsWith("_total")) {
          byChain.merge(sample.labelValues.get(0), sample.value, Double::sum);
        }
      }
    }
    CounterMetricFamily family =
        new CounterMetricFamily(
            "fairlead_cache_requests",
            "Calls by what the cache did for them.",
            List.of("chain", "result"));
    byChain.forEach((chain, calls) -> family.addMetric(List.of(chain, "bypass"), calls));
    return List.of(family);
  }
}
