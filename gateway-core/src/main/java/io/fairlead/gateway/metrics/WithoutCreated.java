package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.Enumeration;
import java.util.List;

/** Leaves out when each counter began, which would add a series to each and tells nobody much. */
@SuppressWarnings("JdkObsolete") // what the Prometheus client takes
final class WithoutCreated implements Enumeration<MetricFamilySamples> {
  private final Enumeration<MetricFamilySamples> all;

  WithoutCreated(Enumeration<MetricFamilySamples> all) {
    this.all = all;
  }

  @Override
  public boolean hasMoreElements() {
    return all.hasMoreElements();
  }

  @Override
  public MetricFamilySamples nextElement() {
    MetricFamilySamples family = all.nextElement();
    List<Sample> kept =
        family.samples.stream().filter(sample -> !sample.name.endsWith("_created")).toList();
    return new MetricFamilySamples(family.name, family.unit, family.type, family.help, kept);
  }
}
