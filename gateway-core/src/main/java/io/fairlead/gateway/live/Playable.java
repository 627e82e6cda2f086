package io.fairlead.gateway.live;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.Set;

/** Refuses scenarios that cannot be played in real time by one process. */
final class Playable {
  private static final int MAX_UPSTREAMS = 100;
  private static final double MAX_PER_SECOND = 2_000;
  private static final long MAX_DURATION_NANOS = 600_000_000_000L;
  private static final Set<MethodClass> MAY_ASK_FOR_THE_HEAD =
      Set.of(MethodClass.LIGHT, MethodClass.READ);

  private Playable() {}

  /**
   * Checks a scenario.
   *
   * @throws IllegalArgumentException if it cannot be played; the message says why
   */
  static void check(Scenario scenario) {
    int upstreams = scenario.world().upstreams().size();
    require(
        upstreams <= MAX_UPSTREAMS,
        "upstreams",
        upstreams,
        "at most " + MAX_UPSTREAMS + " in a live drill");
    int gateways = scenario.play().gateways();
    require(gateways == 1, "gateways", gateways, "1 in a live drill");
    require(
        scenario.play().durationNanos() <= MAX_DURATION_NANOS,
        "duration",
        scenario.play().durationNanos() / 1_000_000_000 + " s",
        "at most 10m in a live drill");
    for (RatePoint point : scenario.load().rate()) {
      require(
          point.perSecond() <= MAX_PER_SECOND,
          "rate",
          point.perSecond(),
          "at most 2000 calls a second in a live drill");
    }
    double invalid = scenario.load().invalidShare();
    require(invalid == 0, "invalid", invalid, "0 in a live drill");
    scenario.load().classes().forEach(Playable::check);
    checkFaults(scenario.faults());
  }

  private static void check(ClassLoad load) {
    boolean isGood =
        load.headSensitiveShare() == 0 || MAY_ASK_FOR_THE_HEAD.contains(load.methodClass());
    require(
        isGood,
        "headSensitive of class " + load.methodClass().label(),
        load.headSensitiveShare(),
        "0 in a live drill, except for classes light and read");
  }

  private static void checkFaults(List<Fault> faults) {
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      check(fault.kind());
      for (Fault other : faults.subList(0, i)) {
        boolean isApart =
            fault.fromNanos() >= other.untilNanos()
                || other.fromNanos() >= fault.untilNanos()
                || fault.targets().upstreamIds().stream()
                    .noneMatch(other.targets().upstreamIds()::contains);
        require(
            isApart,
            "fault",
            "two at once for " + fault.targets().upstreamIds(),
            "one after the other in a live drill");
      }
    }
  }

  private static void check(FaultKind kind) {
    boolean isGood =
        !(kind instanceof FaultKind.Stall || kind instanceof FaultKind.Absent)
            && !(kind instanceof FaultKind.Slow slow && slow.factor() < 1);
    require(
        isGood,
        "fault",
        kind,
        "in a live drill one of refuse, black-hole, errors, slow by 1 or more, delay, steal, lag,"
            + " limit");
  }

  private static void require(boolean isGood, String field, Object value, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + rule + ")");
    }
  }
}
