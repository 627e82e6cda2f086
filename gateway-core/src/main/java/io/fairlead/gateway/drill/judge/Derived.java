package io.fairlead.gateway.drill.judge;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Figures that take a result and what was played together. */
final class Derived {
  private static final int BUCKETS_PER_SECOND = (int) (1_000_000_000L / Timeline.BUCKET_NANOS);

  private Derived() {}

  static double amplification(Result result, Scenario scenario) {
    return 1 + result.get(Metric.RETRIES) + result.get(Metric.HEDGES);
  }

  static double detectedBeyondSilence(Result result, Scenario scenario) {
    double q99 = result.latencies().millis(MethodClass.LIGHT, Window.BEFORE, Quantile.P99);
    return result.get(Metric.DETECT_MILLIS) - 2 * q99;
  }

  /**
   * Good answers a second while faults lasted, over the most that was possible: what was asked, or
   * what the upstreams without a fault can serve of this mix.
   */
  static double goodputOfCapacity(Result result, Scenario scenario) {
    int from = bucket(faultsFrom(scenario));
    int until = Math.min(bucket(faultsUntil(scenario)), result.timeline().size());
    double answered = 0;
    double asked = 0;
    for (int b = from; b < until; b++) {
      answered += result.timeline().answered(b);
      asked += result.timeline().arrived(b);
    }
    double seconds = (until - from) / (double) BUCKETS_PER_SECOND;
    return answered / Math.min(asked, capacityLeft(scenario) * seconds);
  }

  /** Calls a second that the upstreams which no fault befalls can serve of the load's mix. */
  static double capacityLeft(Scenario scenario) {
    Set<String> befallen = befallen(scenario);
    return scenario.world().upstreams().stream()
        .filter(u -> !befallen.contains(u.spec().id()))
        .mapToDouble(u -> capacity(u, scenario.load().classes()))
        .sum();
  }

  /**
   * Calls a second that an upstream can serve of a mix.
   *
   * @param upstream the upstream
   * @param classes the mix
   * @return slots over the mean service time
   */
  static double capacity(SimUpstream upstream, List<ClassLoad> classes) {
    Server server = upstream.server();
    double millis = 0;
    for (ClassLoad c : classes) {
      boolean isHeavy = c.methodClass() == MethodClass.LOGS || c.methodClass() == MethodClass.TRACE;
      millis += c.share() * c.meanMillis() * (isHeavy ? server.heavyFactor() : 1);
    }
    return server.slots() * server.speed() * 1000 / millis;
  }

  /** First attempts in the last third of the play at upstreams with a quota, over the quotas. */
  static double quotaUsed(Result result, Scenario scenario) {
    Timeline timeline = result.timeline();
    int from = timeline.size() * 2 / 3;
    double allowed = 0;
    double used = 0;
    for (int u = 0; u < timeline.upstreams().size(); u++) {
      double quota = quota(scenario, u);
      if (quota > 0) {
        allowed += quota * (timeline.size() - from) / BUCKETS_PER_SECOND;
        for (int b = from; b < timeline.size(); b++) {
          used += timeline.picks(b, u);
        }
      }
    }
    return used / allowed;
  }

  private static double quota(Scenario scenario, int upstream) {
    SimUpstream u = scenario.world().upstreams().get(upstream);
    return scenario.faults().stream()
        .filter(f -> f.targets().upstreamIds().contains(u.spec().id()))
        .filter(f -> f.kind() instanceof FaultKind.Limit)
        .mapToDouble(f -> ((FaultKind.Limit) f.kind()).perSecond())
        .findFirst()
        .orElse(u.server().quotaPerSecond());
  }

  /** The worst second of any capped domain: its share of first attempts less its cap, 0 or more. */
  static double overCap(Result result, Scenario scenario) {
    Timeline timeline = result.timeline();
    Map<String, Double> caps = scenario.play().settings().policy().maxShare();
    double worst = 0;
    int first = bucket(scenario.play().measureFromNanos());
    for (FailureDomain domain : domains(timeline)) {
      double cap = caps.getOrDefault(domain.kind(), 1.0);
      for (int b = first; b + BUCKETS_PER_SECOND <= timeline.size(); b += BUCKETS_PER_SECOND) {
        double share = timeline.share(domain, b, b + BUCKETS_PER_SECOND);
        worst = Double.isNaN(share) ? worst : Math.max(worst, share - cap);
      }
    }
    return worst;
  }

  private static Set<FailureDomain> domains(Timeline timeline) {
    Set<FailureDomain> domains = new HashSet<>();
    timeline.upstreams().forEach(u -> domains.addAll(u.domains()));
    return domains;
  }

  private static Set<String> befallen(Scenario scenario) {
    Set<String> ids = new HashSet<>();
    scenario.faults().forEach(f -> ids.addAll(f.targets().upstreamIds()));
    return ids;
  }

  static long faultsFrom(Scenario scenario) {
    return scenario.faults().stream().mapToLong(Fault::fromNanos).min().orElse(0);
  }

  static long faultsUntil(Scenario scenario) {
    long end = scenario.play().durationNanos();
    return scenario.faults().stream()
        .mapToLong(f -> Math.min(end, f.untilNanos()))
        .max()
        .orElse(end);
  }

  private static int bucket(long nanos) {
    return Math.toIntExact(nanos / Timeline.BUCKET_NANOS);
  }
}
