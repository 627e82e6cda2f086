package io.fairlead.routing.sim.engine;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.result.Incident;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The judge of judges: who was blamed and taken out, when, and whether rightly.
 *
 * <p>Two domains with the same members are one to it.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Bench {
  private final Scenario scenario;
  private final Period period;
  private final List<Incident> incidents = new ArrayList<>();
  private final List<BitSet> blamed = new ArrayList<>();
  private final BitSet[] outAt;
  private long detectedNanos = -1;
  private long falseDrains;
  private boolean hasBlamedWrongly;

  Bench(Scenario scenario, Period period) {
    this.scenario = scenario;
    this.period = period;
    this.outAt = new BitSet[scenario.play().gateways()];
    for (int i = 0; i < outAt.length; i++) {
      outAt[i] = new BitSet();
    }
  }

  void onBlamed(Incident incident, FailureDomain domain) {
    incidents.add(incident);
    BitSet members = membersOf(domain);
    BitSet innocent = (BitSet) members.clone();
    innocent.andNot(period.guiltyAt(incident.atNanos()));
    if (!innocent.isEmpty()) {
      falseDrains++;
      hasBlamedWrongly = true;
    }
    blamed.add(members);
    outAt[incident.gateway()].or(members);
    detect(incident.atNanos());
  }

  void onEjected(Incident incident, int upstream) {
    incidents.add(incident);
    falseDrains += period.guiltyAt(incident.atNanos()).get(upstream) ? 0 : 1;
    outAt[incident.gateway()].set(upstream);
    detect(incident.atNanos());
  }

  void onReturned(Incident incident, int upstream) {
    incidents.add(incident);
    outAt[incident.gateway()].clear(upstream);
  }

  private BitSet membersOf(FailureDomain domain) {
    BitSet members = new BitSet();
    for (int i = 0; i < scenario.world().upstreams().size(); i++) {
      if (scenario.world().upstreams().get(i).spec().domains().contains(domain)) {
        members.set(i);
      }
    }
    return members;
  }

  private void detect(long nowNanos) {
    if (detectedNanos >= 0 || nowNanos < period.faultNanos()) {
      return;
    }
    int convinced = 0;
    for (BitSet out : outAt) {
      BitSet rightly = period.targets();
      int targets = rightly.cardinality();
      rightly.and(out);
      convinced += 2 * rightly.cardinality() >= targets ? 1 : 0;
    }
    if (2 * convinced >= outAt.length) {
      detectedNanos = nowNanos;
    }
  }

  boolean hasDetected() {
    return detectedNanos >= 0;
  }

  List<Incident> incidents() {
    return incidents;
  }

  void report(Map<Metric, Double> figures) {
    figures.put(Metric.FALSE_DRAINS, (double) falseDrains);
    if (period.hasFaults()) {
      figures.put(
          Metric.DETECT_MILLIS,
          detectedNanos < 0
              ? Double.POSITIVE_INFINITY
              : (detectedNanos - period.faultNanos()) / 1e6);
      figures.put(Metric.BLAMED_RIGHT, isBlamedRight() ? 1.0 : 0.0);
    }
  }

  private boolean isBlamedRight() {
    for (Fault fault : scenario.faults()) {
      Optional<FailureDomain> cause = fault.targets().cause();
      if (cause.isPresent() && !blamed.contains(membersOf(cause.get()))) {
        return false;
      }
    }
    return !hasBlamedWrongly;
  }
}
