package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gauges that are read at one instant, gathered family by family. */
final class GaugeFamilies {
  private final Map<String, GaugeMetricFamily> byName = new LinkedHashMap<>();

  /** One family's name, meaning and labels. */
  record Family(String name, String help, List<String> labels) {
    Family(String name, String help, String... labels) {
      this("fairlead_" + name, help, List.of(labels));
    }
  }

  void add(Family family, List<String> labels, double value) {
    byName
        .computeIfAbsent(
            family.name(), name -> new GaugeMetricFamily(name, family.help(), family.labels()))
        .addMetric(labels, value);
  }

  void addFlag(Family family, List<String> labels, boolean value) {
    add(family, labels, value ? 1 : 0);
  }

  List<MetricFamilySamples> toSamples() {
    return new ArrayList<>(byName.values());
  }
}
