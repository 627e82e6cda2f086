package io.fairlead.routing.sim.engine;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be read off the timeline of a play with faults; {@link Metric} says what each figure is.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Figures {
  private static final int SECOND = 10;
  private static final double GONE = 0.05;
  private static final double BACK = 0.95;
  private static final double MOVED = 0.9;
  private static final double NOISE = 0.03;
  private static final double LARGE = 0.1;

  private final Scenario scenario;
  private final Period period;
  private final Timeline timeline;
  private final int fault;
  private final int healed;
  private final int end;

  Figures(Scenario scenario, Period period, Timeline timeline) {
    this.scenario = scenario;
    this.period = period;
    this.timeline = timeline;
    this.end = timeline.size();
    this.fault = bucketOf(period.faultNanos());
    this.healed = bucketOf(period.healedNanos());
  }

  private int bucketOf(long nanos) {
    return (int) Math.min(end, nanos / Timeline.BUCKET_NANOS);
  }

  void report(Map<Metric, Double> figures) {
    if (period.hasFaults() && healed > fault) {
      figures.put(Metric.SHARE_GONE_MILLIS, goneMillis());
      figures.put(Metric.SHARE_BACK_MILLIS, backMillis());
      figures.put(Metric.HEAVY_MOVED_MILLIS, heavyMovedMillis());
      figures.put(Metric.OSCILLATION, oscillation());
      figures.put(Metric.HERD, herd());
      figures.put(Metric.NEXT_REGION_PEAK, nextRegionPeak());
    }
  }

  /** From the fault until the end of a bucket. */
  private double sinceFault(int bucket) {
    return ((bucket + 1) * Timeline.BUCKET_NANOS - period.faultNanos()) / 1e6;
  }

  private double goneMillis() {
    for (int b = fault; b < healed; b++) {
      if (timeline.targetShare(b, null) < GONE) {
        return sinceFault(b);
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private double backMillis() {
    double before = meanShare(null, Math.max(0, fault - 5 * SECOND), fault);
    if (healed >= end || !(before > 0.005)) {
      return Double.NaN;
    }
    for (int b = healed; b + SECOND <= end; b++) {
      if (meanShare(null, b, b + SECOND) >= BACK * before) {
        return Math.max(0, (b * Timeline.BUCKET_NANOS - period.healedNanos()) / 1e6);
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private double meanShare(@Nullable MethodClass c, int from, int until) {
    double sum = 0;
    for (int b = from; b < until; b++) {
      sum += timeline.targetShare(b, c);
    }
    return sum / (until - from);
  }

  private double heavyMovedMillis() {
    double before = heavyShare(Math.max(0, fault - 5 * SECOND), fault);
    double settled = heavyShare(healed - Math.max(1, (healed - fault) / 3), healed);
    if (!(Math.abs(before - settled) > NOISE)) {
      return Double.NaN;
    }
    double wanted = before + MOVED * (settled - before);
    for (int b = fault; b < healed; b++) {
      double share = heavyShare(b, b + 1);
      if (settled < before ? share <= wanted : share >= wanted) {
        return sinceFault(b);
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private double heavyShare(int from, int until) {
    double logs = Recorder.shareOf(scenario, MethodClass.LOGS);
    double trace = Recorder.shareOf(scenario, MethodClass.TRACE);
    double sum = 0;
    sum += logs > 0 ? logs * meanShare(MethodClass.LOGS, from, until) : 0;
    sum += trace > 0 ? trace * meanShare(MethodClass.TRACE, from, until) : 0;
    return sum / (logs + trace);
  }

  /** Follows the share from turn to turn; a turn is one that goes back by more than noise. */
  private double oscillation() {
    int from = Math.max(0, fault - SECOND);
    if (from + SECOND > end) {
      return Double.NaN;
    }
    double first = meanShare(null, from, from + SECOND);
    double large = Math.max(noise(first), LARGE * first);
    double turn = first;
    double farthest = first;
    double low = first;
    double high = first;
    double way = 0;
    for (int b = from + 1; b + SECOND <= end; b++) {
      double share = meanShare(null, b, b + SECOND);
      low = Math.min(low, share);
      high = Math.max(high, share);
      if ((share - farthest) * Math.signum(farthest - turn) >= 0) {
        farthest = share;
      } else if (Math.abs(share - farthest) > large) {
        way += Math.abs(farthest - turn);
        turn = farthest;
        farthest = share;
      }
    }
    way += Math.abs(farthest - turn);
    return high - low > large ? way / (2 * (high - low)) : Double.NaN;
  }

  /** Five standard deviations of a share that is counted over the calls of a second. */
  private double noise(double share) {
    double perSecond = 1;
    for (int b = 0; b < end; b++) {
      perSecond += (double) timeline.arrived(b) * SECOND / end;
    }
    double around = Math.min(0.9, Math.max(0.1, share));
    return Math.max(NOISE, 5 * Math.sqrt(around * (1 - around) / perSecond));
  }

  private double herd() {
    int until = Math.min(end, healed + 20 * SECOND);
    if (until - healed < 6 * SECOND) {
      return Double.NaN;
    }
    double settled = Math.max(1, atTargets(until - 5 * SECOND, until));
    double worst = 0;
    for (int b = healed; b + SECOND <= until; b++) {
      worst = Math.max(worst, atTargets(b, b + SECOND) / settled);
    }
    return worst;
  }

  private double atTargets(int from, int until) {
    double sum = 0;
    for (int u = 0; u < timeline.upstreams().size(); u++) {
      sum += period.isTarget(u) ? meanInFlight(u, from, until) : 0;
    }
    return sum;
  }

  private double meanInFlight(int upstream, int from, int until) {
    double sum = 0;
    for (int b = from; b < until; b++) {
      sum += timeline.inFlight(b, upstream);
    }
    return sum / (until - from);
  }

  private double nextRegionPeak() {
    int tail = healed - Math.max(1, (healed - fault) / 5);
    double most = 0;
    double ratio = Double.NaN;
    for (FailureDomain region : spared()) {
      double settled = inFlight(region, tail, healed);
      if (settled > most) {
        most = settled;
        ratio = peak(region) / settled;
      }
    }
    return ratio;
  }

  /** The regions that no fault befalls. */
  private Set<FailureDomain> spared() {
    Set<FailureDomain> regions = new LinkedHashSet<>();
    for (int u = 0; u < timeline.upstreams().size(); u++) {
      regions.addAll(regionsOf(u));
    }
    for (int u = 0; u < timeline.upstreams().size(); u++) {
      if (period.isTarget(u)) {
        regions.removeAll(Set.copyOf(regionsOf(u)));
      }
    }
    return regions;
  }

  private List<FailureDomain> regionsOf(int upstream) {
    return timeline.upstreams().get(upstream).domains().stream()
        .filter(domain -> domain.kind().equals(FailureDomain.REGION))
        .toList();
  }

  private double peak(FailureDomain region) {
    double peak = 0;
    for (int b = fault; b < healed; b++) {
      peak = Math.max(peak, inFlight(region, b, b + 1));
    }
    return peak;
  }

  private double inFlight(FailureDomain region, int from, int until) {
    double sum = 0;
    for (int u = 0; u < timeline.upstreams().size(); u++) {
      if (timeline.upstreams().get(u).domains().contains(region)) {
        sum += meanInFlight(u, from, until);
      }
    }
    return sum;
  }
}
