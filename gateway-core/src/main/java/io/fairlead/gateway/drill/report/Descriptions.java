package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.play.Drill.Outcome;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.result.Incident;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.Locale;

/** Scenarios and what happened in them, in words. */
final class Descriptions {
  private Descriptions() {}

  /** What was played, in one line. */
  static String played(Outcome outcome) {
    Scenario scenario = outcome.file().scenario();
    Play play = scenario.play();
    long regions =
        scenario.world().upstreams().stream()
            .flatMap(u -> u.spec().domains().stream())
            .filter(d -> d.kind().equals(FailureDomain.REGION))
            .distinct()
            .count();
    return String.format(
        Locale.ROOT,
        "%d upstreams in %d regions, %s, %s, %d gateway%s, clients give up after %s; %d play%s",
        scenario.world().upstreams().size(),
        regions,
        rate(scenario.load()),
        seconds(play.durationNanos()),
        play.gateways(),
        play.gateways() == 1 ? "" : "s",
        seconds(play.timeoutNanos()),
        outcome.seeds(),
        outcome.seeds() == 1 ? "" : "s; medians");
  }

  private static String rate(Load load) {
    double least = load.rate().stream().mapToDouble(p -> p.perSecond()).min().orElse(0);
    double most = load.rate().stream().mapToDouble(p -> p.perSecond()).max().orElse(0);
    return least == most
        ? String.format(Locale.ROOT, "%,.0f calls/s", most)
        : String.format(Locale.ROOT, "%,.0f to %,.0f calls/s", least, most);
  }

  /** A fault in words. */
  static String fault(Fault fault) {
    List<String> ids = fault.targets().upstreamIds();
    String whom = fault.targets().cause().map(FailureDomain::toString).orElseGet(() -> few(ids));
    return String.format(
        Locale.ROOT,
        "%s from %s to %s: %s",
        whom,
        seconds(fault.fromNanos()),
        seconds(fault.untilNanos()),
        kind(fault.kind()));
  }

  private static String few(List<String> ids) {
    return ids.size() <= 3
        ? String.join(", ", ids)
        : String.join(", ", ids.subList(0, 3)) + " and " + (ids.size() - 3) + " more";
  }

  static String kind(FaultKind kind) {
    if (kind instanceof FaultKind.Errors e) {
      return String.format(Locale.ROOT, "%.4g %% of calls fail", 100 * e.share());
    }
    if (kind instanceof FaultKind.Slow s) {
      return String.format(Locale.ROOT, "%.3g times slower", s.factor());
    }
    if (kind instanceof FaultKind.Delay d) {
      return String.format(Locale.ROOT, "answers %.4g ms later", d.addedMillis());
    }
    if (kind instanceof FaultKind.Stall s) {
      return "stalls for " + seconds(s.forNanos()) + " every " + seconds(s.everyNanos());
    }
    if (kind instanceof FaultKind.Steal s) {
      return String.format(Locale.ROOT, "others take %.3g %%", 100 * s.share());
    }
    if (kind instanceof FaultKind.Lag l) {
      return l.blocks() + " blocks behind";
    }
    if (kind instanceof FaultKind.Limit l) {
      return String.format(Locale.ROOT, "429 beyond %.4g calls/s", l.perSecond());
    }
    return kind instanceof FaultKind.Refuse
        ? "refuses connections"
        : kind instanceof FaultKind.BlackHole ? "black hole" : "absent";
  }

  /** What the first contestant's gateway decided in its first play. */
  static List<String> moves(Outcome outcome) {
    return outcome.own().first().incidents().stream().map(Descriptions::move).toList();
  }

  private static String move(Incident incident) {
    return String.format(
        Locale.ROOT,
        "%8.2f s  %s %s",
        incident.atNanos() / 1e9,
        incident.subject(),
        incident.kind().name().toLowerCase(Locale.ROOT));
  }

  /** The command that plays the same again. */
  static String command(Outcome outcome) {
    StringBuilder command = new StringBuilder("./fairlead drill ");
    command.append(outcome.file().path()).append(" --seeds ").append(outcome.seeds());
    outcome.scores().stream()
        .skip(1)
        .forEach(score -> command.append(" --policy ").append(score.contestant()));
    return command.toString();
  }

  static String seconds(long nanos) {
    return nanos % 1_000_000_000L == 0
        ? nanos / 1_000_000_000L + " s"
        : String.format(Locale.ROOT, "%.4g s", nanos / 1e9);
  }
}
