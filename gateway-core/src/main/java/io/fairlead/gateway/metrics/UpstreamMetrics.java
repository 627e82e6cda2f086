package io.fairlead.gateway.metrics;

import io.fairlead.gateway.call.AttemptObserver;
import io.fairlead.gateway.upstream.socket.CarrierObserver;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.Locale;

/**
 * Counts the attempts at one upstream, and its probes.
 *
 * <p>Thread-safety: safe; a counter spreads contended writes by itself. Cost: some 50 ns an
 * attempt, no allocation after the first of its kind, no look-up.
 */
public final class UpstreamMetrics implements AttemptObserver {
  private static final AttemptResult[] RESULTS = AttemptResult.values();

  private final Families families;
  private final UpstreamLabels labels;
  private final Cells<Counter.Child> requests;
  private final Cells<Histogram.Child> seconds;

  UpstreamMetrics(Families families, UpstreamLabels labels) {
    this.families = families;
    this.labels = labels;
    requests =
        new Cells<>(
            RESULTS.length,
            i -> label(RESULTS[i]),
            (methodClass, result) ->
                families.upstreamRequests.labels(labels.with(methodClass, result)));
    seconds =
        new Cells<>(
            1,
            i -> "",
            (methodClass, none) -> families.upstreamSeconds.labels(labels.with(methodClass)));
  }

  /** Where it is counted which way its calls go. */
  public CarrierObserver carriers() {
    return new CarrierMetrics(families, labels);
  }

  static String label(AttemptResult result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // the index of an array that lives as long as the enum
  public void onAttempt(MethodClass methodClass, AttemptResult result, long elapsedNanos) {
    requests.at(methodClass, result.ordinal()).inc();
    if (result != AttemptResult.CANCELLED) {
      seconds.at(methodClass, 0).observe(elapsedNanos / Collector.NANOSECONDS_PER_SECOND);
    }
  }

  /**
   * A probe of the upstream ended. Not for event loops: it looks its counter up.
   *
   * @param result how
   */
  public void onProbe(AttemptResult result) {
    families.probes.labels(labels.with(label(result))).inc();
  }

  /** Drops what was counted, since the upstream is gone. */
  void remove() {
    StreamMetrics.remove(families, labels);
    CarrierMetrics.remove(families, labels);
    for (MethodClass methodClass : MethodClass.ALL) {
      families.upstreamSeconds.remove(labels.with(methodClass.label()));
      for (AttemptResult result : RESULTS) {
        families.upstreamRequests.remove(labels.with(methodClass.label(), label(result)));
      }
    }
    for (AttemptResult result : RESULTS) {
      families.probes.remove(labels.with(label(result)));
    }
  }
}
