package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps events back until the table that they led to is made, so that each can say what it changed.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Announcer {
  private static final String FIRST = "; a quarter of its share first";

  private final String chain;
  private final Consumer<RoutingEvent> sink;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Since> began = new ArrayList<>();
  private final Map<String, Double> afterCanary = new HashMap<>();

  private record Pending(
      Kind kind, String subject, List<Upstream> members, String reason, String author) {}

  private record Since(Pending pending, double shareBefore) {}

  Announcer(String chain, Consumer<RoutingEvent> sink) {
    this.chain = chain;
    this.sink = sink;
  }

  void upstream(Kind kind, Upstream upstream, String reason) {
    pending.add(new Pending(kind, upstream.id(), List.of(upstream), reason, RoutingEvent.FAIRLEAD));
  }

  void domain(Kind kind, FailureDomain domain, List<Upstream> members, String reason) {
    pending.add(new Pending(kind, domain.toString(), members, reason, RoutingEvent.FAIRLEAD));
  }

  void operator(Kind kind, Target target, List<Upstream> members, String reason, String author) {
    pending.add(new Pending(kind, target.toString(), members, reason, author));
  }

  void chain(Kind kind, String reason) {
    pending.add(new Pending(kind, chain, List.of(), reason, RoutingEvent.FAIRLEAD));
  }

  boolean isEmpty() {
    return pending.isEmpty() && began.isEmpty();
  }

  /** Something that began before the last table. */
  void since(Kind kind, String subject, List<Upstream> members, String reason, double before) {
    Pending p = new Pending(kind, subject, members, reason, RoutingEvent.FAIRLEAD);
    began.add(new Since(p, before));
  }

  /**
   * Tells of hold-offs that are over.
   *
   * @return whether there were any
   */
  boolean onHoldOffsEnded(Fleet fleet, long nowNanos) {
    int before = pending.size();
    for (UpstreamState u : fleet.states) {
      if (u.limit.tryEnd(nowNanos)) {
        upstream(Kind.HOLD_OFF_ENDED, u.upstream, u.quota.toWords());
      }
      if (u.account.tryEnd(nowNanos)) {
        upstream(Kind.HOLD_OFF_ENDED, u.upstream, "a refused account is tried again" + FIRST);
      }
      if (u.lies.tryEnd(nowNanos)) {
        upstream(Kind.CANARY, u.upstream, "its time out for a lie is over; 2 % of its share first");
      }
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      DomainState domain = fleet.domains.get(d);
      if (domain.limit.tryEnd(nowNanos)) {
        String reason = "its rate limits' time is over" + FIRST;
        domain(Kind.HOLD_OFF_ENDED, domain.domain, fleet.members(d), reason);
      }
    }
    return pending.size() > before;
  }

  /** Tells everything kept back, with shares of a class in the tables before and after. */
  void flush(RoutingTable before, RoutingTable after, MethodClass busiest) {
    List<Since> told = new ArrayList<>(began);
    for (Pending p : pending) {
      told.add(new Since(p, shareBefore(p, before, busiest)));
    }
    began.clear();
    pending.clear();
    for (Since s : told) {
      tell(s, share(after, s.pending().members(), busiest));
    }
  }

  private void tell(Since s, double shareAfter) {
    Pending p = s.pending();
    if (p.kind() == Kind.CANARY) {
      afterCanary.put(p.subject(), shareAfter);
    }
    sink.accept(
        new RoutingEvent(
            chain, p.kind(), p.subject(), p.reason(), p.author(), s.shareBefore(), shareAfter));
  }

  /** A readmission ends what a canary began: between them the ramp moved shares without events. */
  private double shareBefore(Pending p, RoutingTable before, MethodClass busiest) {
    double share = share(before, p.members(), busiest);
    boolean isBack = p.kind() == Kind.READMITTED;
    boolean isOut = p.kind() == Kind.EJECTED || p.kind() == Kind.DOMAIN_EJECTED;
    Double atCanary = isBack || isOut ? afterCanary.remove(p.subject()) : null;
    return isBack && atCanary != null ? atCanary : share;
  }

  static double share(RoutingTable table, List<Upstream> members, MethodClass busiest) {
    double sum = 0;
    for (Upstream u : members) {
      sum += table.share(u, busiest);
    }
    return sum;
  }
}
