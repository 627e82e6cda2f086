package io.fairlead.routing.sim.engine;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.IntCountsHistogram;

/**
 * How upstreams fare that no fault befalls, before and during the faults of others: the latency of
 * successful attempts there, whatever became of the call.
 *
 * <p>Units: microseconds inside, with three digits.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Bystanders {
  private static final int DIGITS = 3;
  private static final long ENOUGH = 100;

  private final Period period;
  private final int[] regions;
  private final Pair all = new Pair();
  private final List<Pair> lightByRegion = new ArrayList<>();

  Bystanders(Scenario scenario, Period period) {
    this.period = period;
    List<List<FailureDomain>> seen = new ArrayList<>();
    List<SimUpstream> upstreams = scenario.world().upstreams();
    regions = new int[upstreams.size()];
    for (int u = 0; u < regions.length; u++) {
      List<FailureDomain> region =
          upstreams.get(u).spec().domains().stream()
              .filter(domain -> domain.kind().equals(FailureDomain.REGION))
              .toList();
      if (!seen.contains(region)) {
        seen.add(region);
        lightByRegion.add(new Pair());
      }
      regions[u] = seen.indexOf(region);
    }
  }

  void onReplied(Attempt attempt, long nowNanos) {
    long sent = attempt.sentNanos();
    boolean counts =
        attempt.result == AttemptResult.SUCCESS
            && period.hasFaults()
            && !period.isTarget(attempt.upstream())
            && period.isMeasured(sent);
    if (counts) {
      Window window = period.windowOf(sent);
      long micros = (nowNanos - sent) / 1000;
      all.record(window, micros);
      if (attempt.asked.methodClass() == MethodClass.LIGHT) {
        lightByRegion.get(regions[attempt.upstream()]).record(window, micros);
      }
    }
  }

  void report(Map<Metric, Double> figures) {
    if (period.hasFaults()) {
      figures.put(Metric.HEALTHY_P99_RATIO, all.ratio(1));
      double worst = Double.NaN;
      for (Pair region : lightByRegion) {
        double ratio = region.ratio(ENOUGH);
        worst = worst >= ratio || Double.isNaN(ratio) ? worst : ratio;
      }
      figures.put(Metric.WORST_REGION_P99_RATIO, worst);
    }
  }

  /** Latencies before and during. */
  private static final class Pair {
    private final IntCountsHistogram before = new IntCountsHistogram(DIGITS);
    private final IntCountsHistogram during = new IntCountsHistogram(DIGITS);

    void record(Window window, long micros) {
      if (window == Window.BEFORE) {
        before.recordValue(micros);
      } else if (window == Window.DURING) {
        during.recordValue(micros);
      }
    }

    double ratio(long enough) {
      return before.getTotalCount() < enough || during.getTotalCount() < enough
          ? Double.NaN
          : (double) during.getValueAtPercentile(99) / before.getValueAtPercentile(99);
    }
  }
}
