package io.fairlead.gateway.live;

import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes figures of what was seen in a play.
 *
 * <p>Thread-safety: none; used once.
 */
final class Judging {
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final double CALM = 1.5;

  private final Scenario scenario;
  private final LiveStage.Seen seen;
  private final long from;
  private final long end;
  private final long faultFrom;
  private final long faultUntil;

  Judging(Scenario scenario, LiveStage.Seen seen) {
    this.scenario = scenario;
    this.seen = seen;
    this.from = scenario.play().measureFromNanos();
    this.end = scenario.play().durationNanos();
    this.faultFrom = scenario.faults().stream().mapToLong(Fault::fromNanos).min().orElse(end);
    this.faultUntil =
        Math.min(end, scenario.faults().stream().mapToLong(Fault::untilNanos).max().orElse(end));
  }

  LiveResult result(LiveResult.Extra extra, LiveResult.Machine machine) {
    LiveResult.Counts counts =
        new LiveResult.Counts(
            seen.calls.count(from, end),
            seen.calls.failed(from, end),
            seen.calls.wrong(from, end),
            extra,
            quota());
    LiveResult.Log log = new LiveResult.Log(seconds(), seen.events, seen.complaints, machine);
    return new LiveResult(scenario.name(), counts, shift(), delays(), log);
  }

  /** How far the load fell behind. */
  LiveResult.Latency late() {
    return seen.calls.lateness(from, end);
  }

  private boolean hasFault() {
    return faultFrom < end;
  }

  private LiveResult.Shift shift() {
    double before = seen.shares.mean(Math.min(from, faultFrom - SECOND_NANOS), faultFrom);
    if (!hasFault()) {
      return new LiveResult.Shift(before, Double.NaN, Double.NaN, Double.NaN);
    }
    return new LiveResult.Shift(
        before,
        seen.shares.goneMillis(faultFrom),
        faultUntil < end ? seen.shares.backMillis(faultUntil, before) : Double.NaN,
        seen.shares.oscillation(faultFrom));
  }

  private LiveResult.Delays delays() {
    LiveResult.Latency before = seen.calls.latency(from, faultFrom);
    if (!hasFault()) {
      LiveResult.Latency none = seen.calls.latency(end, end);
      return new LiveResult.Delays(before, none, none, Double.NaN, Double.NaN);
    }
    double bound = CALM * before.p99Millis();
    return new LiveResult.Delays(
        before,
        seen.calls.secondAfter(faultFrom),
        seen.calls.latency(faultFrom, faultUntil),
        seen.calls.calmMillis(faultFrom, faultUntil, bound),
        healthyRatio());
  }

  private double healthyRatio() {
    Set<String> targets = LiveStage.targets(scenario);
    LiveResult.Latency was =
        seen.calls.served(from, faultFrom, id -> !id.isEmpty() && !targets.contains(id));
    LiveResult.Latency is =
        seen.calls.served(faultFrom, faultUntil, id -> !id.isEmpty() && !targets.contains(id));
    return was.calls() == 0 || is.calls() == 0 ? Double.NaN : is.p99Millis() / was.p99Millis();
  }

  private LiveResult.Quota quota() {
    double perSecond = 0;
    for (Fault fault : scenario.faults()) {
      if (fault.kind() instanceof FaultKind.Limit limit) {
        perSecond += limit.perSecond() * fault.targets().upstreamIds().size();
      }
    }
    if (perSecond == 0) {
      return LiveResult.Quota.NONE;
    }
    LiveStage.NodeCount first = countAt(faultFrom);
    LiveStage.NodeCount late = countAt(faultUntil - (faultUntil - faultFrom) / 3);
    LiveStage.NodeCount last = countAt(faultUntil);
    long limited = last.limited() - late.limited();
    long admitted = last.requests() - late.requests() - limited;
    double seconds = (last.atNanos() - late.atNanos()) / (double) SECOND_NANOS;
    return new LiveResult.Quota(
        last.limited() - first.limited(), limited, admitted / (perSecond * seconds));
  }

  /** The last count at or before an instant; counts are made every second. */
  private LiveStage.NodeCount countAt(long nanos) {
    LiveStage.NodeCount found = seen.nodeCounts.get(0);
    for (LiveStage.NodeCount count : seen.nodeCounts) {
      if (count.atNanos() <= nanos) {
        found = count;
      }
    }
    return found;
  }

  private List<LiveResult.Second> seconds() {
    List<LiveResult.Second> seconds = new ArrayList<>();
    for (long at = 0; at < end; at += SECOND_NANOS) {
      long until = Math.min(end, at + SECOND_NANOS);
      seconds.add(
          new LiveResult.Second(
              seen.calls.latency(at, until),
              seen.calls.failed(at, until) + seen.calls.wrong(at, until),
              seen.shares.mean(at, until)));
    }
    return seconds;
  }
}
