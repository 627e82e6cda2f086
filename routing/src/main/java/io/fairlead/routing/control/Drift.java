package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.Topology;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.Arrays;
import java.util.List;

/**
 * Notices traffic that moved without an event of its own, because costs did, a tier opened or a
 * configuration changed.
 *
 * <p>Tables follow costs several times a second, each a little. One event for each would bury the
 * others, none would leave a region that slowly grows dear unexplained. So shares are compared with
 * those of the last table that an event told of, and when the share of an upstream or of a failure
 * domain has moved by a twentieth of the busiest class's calls, at most every five seconds, the one
 * that moved most is told with the factors that changed. While somebody is on the way back its ramp
 * moves shares; its readmission tells how far.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Drift {
  private static final double STEP = 0.05;
  private static final double DOMAIN_MARGIN = 1.25;
  private static final long PAUSE_NANOS = 5_000_000_000L;

  private final Announcer announcer;
  private RoutingTable told;
  private long toldAtNanos;
  private boolean isExcused = true;

  Drift(Announcer announcer, RoutingTable first, long nowNanos) {
    this.announcer = announcer;
    told = first;
    toldAtNanos = nowNanos - PAUSE_NANOS;
  }

  /** What the next table changes needs no words, such as the first upstreams of a start. */
  void excuse() {
    isExcused = true;
  }

  /** Looks at a new table, before the events that led to it are told. */
  void review(RoutingTable after, MethodClass busiest, long nowNanos) {
    if (isExcused || !announcer.isEmpty() || !after.isUsable() || isAnyReturning(after)) {
      told = after;
      isExcused = false;
    } else if (nowNanos - toldAtNanos >= PAUSE_NANOS) {
      tellMost(after, busiest, nowNanos);
    }
  }

  private static boolean isAnyReturning(RoutingTable table) {
    for (Upstream u : table.upstreams()) {
      if (table.status(u).health() == Health.RETURNING) {
        return true;
      }
    }
    return false;
  }

  private void tellMost(RoutingTable after, MethodClass busiest, long nowNanos) {
    Topology topology = after.topology();
    double[] moved = new double[after.size()];
    int most = -1;
    for (int i = 0; i < moved.length; i++) {
      Upstream u = after.upstream(i);
      moved[i] = after.share(u, busiest) - told.share(before(u), busiest);
      most = most < 0 || Math.abs(moved[i]) > Math.abs(moved[most]) ? i : most;
    }
    int domain = mostMoved(topology, moved);
    double byOne = most < 0 ? 0 : Math.abs(moved[most]);
    double byDomain = domain < 0 ? 0 : Math.abs(sum(topology, domain, moved));
    if (Math.max(byOne, byDomain) < STEP) {
      return;
    }
    if (byDomain > DOMAIN_MARGIN * byOne) {
      tellDomain(after, domain, moved, busiest);
    } else {
      Upstream u = after.upstream(most);
      tell(u.id(), List.of(u), words(u, after, busiest), busiest);
    }
    told = after;
    toldAtNanos = nowNanos;
  }

  private void tellDomain(RoutingTable after, int domain, double[] moved, MethodClass busiest) {
    int[] members = after.topology().members(domain);
    int most = members[0];
    for (int i : members) {
      most = Math.abs(moved[i]) > Math.abs(moved[most]) ? i : most;
    }
    List<Upstream> upstreams = Arrays.stream(members).mapToObj(after::upstream).toList();
    String reason =
        "most at " + after.upstream(most).id() + ": " + words(after.upstream(most), after, busiest);
    String subject = after.topology().domains().get(domain).toString();
    tell(subject, upstreams, reason, busiest);
  }

  /** A reload makes a new object of an upstream that it changes. */
  private Upstream before(Upstream u) {
    if (told.topology().indexOf(u) >= 0) {
      return u;
    }
    return told.upstreams().stream().filter(b -> b.id().equals(u.id())).findFirst().orElse(u);
  }

  private void tell(String subject, List<Upstream> members, String reason, MethodClass busiest) {
    announcer.since(
        Kind.SHIFTED,
        subject,
        members,
        reason,
        Announcer.share(told, members.stream().map(this::before).toList(), busiest));
  }

  private String words(Upstream u, RoutingTable after, MethodClass busiest) {
    Upstream before = before(u);
    return told.topology().indexOf(before) < 0
        ? "it is new in the table"
        : ShiftWords.between(
            told.explain(before, busiest, false), after.explain(u, busiest, false), busiest);
  }

  private static int mostMoved(Topology topology, double[] moved) {
    int most = -1;
    for (int d = 0; d < topology.domains().size(); d++) {
      boolean isWider =
          most < 0 || Math.abs(sum(topology, d, moved)) > Math.abs(sum(topology, most, moved));
      most = isWider ? d : most;
    }
    return most;
  }

  private static double sum(Topology topology, int domain, double[] moved) {
    double sum = 0;
    for (int i : topology.members(domain)) {
      sum += moved[i];
    }
    return sum;
  }
}
