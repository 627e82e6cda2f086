package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.LatencyEstimate;
import java.util.List;

/**
 * Brings the cost of who became slow up to date at once, instead of over seconds.
 *
 * <p><b>Idea.</b> The cost goes by what an upstream's results took over the last seconds. When
 * {@link Slowness} says that there was a change, everything before the change is of the past. So
 * the estimate of each class starts anew from the results of the last moment, shrunk by n/(n+3)
 * towards what changed over all convicted upstreams together: a member of a slow region that has
 * not answered since is taken to be as slow as the others.
 *
 * <p><b>Heavy calls</b> that were sent since the change will take seconds to tell. Slowness
 * multiplies, so they are marked up by the factor of the heaviest class that has told; by the
 * heaviest, since what was in truth a longer way adds instead, and shows there the least. Their own
 * results correct it as they come.
 *
 * <p><b>Bounds.</b> Only upwards, and only by a quarter or more: recovery shows in the estimate as
 * the trickle and probes bring results. A mark-up of an upstream that is no slower than before does
 * nothing.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Markup {
  private static final double SHRINK = 3;
  private static final double INFORMED = 3;
  private static final double LEAST = Math.log(1.25);

  private final Fleet fleet;
  private final CostModel costs;
  private final Announcer announcer;
  private final double[] change = new double[MethodClass.ALL.size()];

  Markup(Fleet fleet, CostModel costs, Announcer announcer) {
    this.fleet = fleet;
    this.costs = costs;
    this.announcer = announcer;
  }

  /**
   * Marks up, after the cost model has taken in everything recorded so far.
   *
   * @return whether a cost changed
   */
  boolean apply(List<SlowVerdict> verdicts, long nowNanos) {
    boolean hasChanged = false;
    for (SlowVerdict verdict : verdicts) {
      double most = apply(verdict, nowNanos);
      if (most >= LEAST) {
        hasChanged = true;
        announce(verdict, verdict.reason() + Verdicts.markup(Math.exp(most)));
      }
    }
    return hasChanged;
  }

  private void announce(SlowVerdict verdict, String reason) {
    int index = verdict.index();
    if (verdict.isDomain()) {
      announcer.domain(Kind.SLOWED, fleet.domains.get(index).domain, fleet.members(index), reason);
    } else {
      announcer.upstream(Kind.SLOWED, fleet.topology.upstream(index), reason);
    }
  }

  private double apply(SlowVerdict verdict, long nowNanos) {
    int[] members =
        verdict.isDomain() ? fleet.topology.members(verdict.index()) : new int[] {verdict.index()};
    double most = 0;
    double ofHeaviest = 0;
    for (MethodClass c : byBaseline()) {
      if (verdict.group().has(c)) {
        change[c.index()] = change(members, c, nowNanos);
        most = Math.max(most, change[c.index()]);
        ofHeaviest = change[c.index()] > 0 ? change[c.index()] : ofHeaviest;
      }
    }
    if (most >= LEAST) {
      for (int i : members) {
        markUp(i, verdict.group(), ofHeaviest, nowNanos);
      }
    }
    return most;
  }

  /** The classes, the lightest first. */
  private List<MethodClass> byBaseline() {
    return MethodClass.ALL.stream()
        .sorted((a, b) -> Double.compare(costs.baselineMillis(a), costs.baselineMillis(b)))
        .toList();
  }

  /** By how much a class became slower, as a logarithm; 0 if that is not known. */
  private double change(int[] members, MethodClass c, long nowNanos) {
    double sum = 0;
    double weights = 0;
    for (int i : members) {
      LatencyEstimate estimate = fleet.states.get(i).latency[c.index()];
      double n = estimate.freshSamples(nowNanos);
      if (n > 0) {
        sum += n * (estimate.freshLogServiceMillis() - believed(i, c, nowNanos));
        weights += n;
      }
    }
    return weights >= INFORMED ? Math.max(0, sum / weights) : 0;
  }

  private double believed(int i, MethodClass c, long nowNanos) {
    return costs.logServiceMillis(i, c, nowNanos);
  }

  private void markUp(int i, ClassGroup group, double ofHeaviest, long nowNanos) {
    for (MethodClass c : MethodClass.ALL) {
      LatencyEstimate estimate = fleet.states.get(i).latency[c.index()];
      double before = believed(i, c, nowNanos);
      if (group.has(c)) {
        double n = estimate.freshSamples(nowNanos);
        double seen = n > 0 ? n * estimate.freshLogServiceMillis() : 0;
        double now = (seen + SHRINK * (before + change[c.index()])) / (n + SHRINK);
        estimate.restart(Math.max(before, now));
      } else if (group == ClassGroup.QUICK) {
        estimate.restart(before + ofHeaviest);
      }
    }
  }
}
