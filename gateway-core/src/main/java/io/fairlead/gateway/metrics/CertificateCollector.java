package io.fairlead.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.Supplier;

/** Reads at each scrape how long the certificates of the listening ports last. */
final class CertificateCollector extends Collector {
  private static final List<String> LABELS = List.of("listener");

  private final Supplier<List<CertificateState>> states;

  CertificateCollector(Supplier<List<CertificateState>> states) {
    this.states = states;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily expiry =
        new GaugeMetricFamily(
            "fairlead_tls_certificate_expiry_seconds",
            "When the certificate in force expires, in seconds since 1970.",
            LABELS);
    GaugeMetricFamily refused =
        new GaugeMetricFamily(
            "fairlead_tls_files_refused",
            "1 while the files of TLS have changed and cannot be used.",
            LABELS);
    for (CertificateState state : states.get()) {
      List<String> labels = List.of(state.listener());
      expiry.addMetric(labels, (double) state.expiry().getEpochSecond());
      refused.addMetric(labels, state.refused() ? 1 : 0);
    }
    return List.of(expiry, refused);
  }
}
