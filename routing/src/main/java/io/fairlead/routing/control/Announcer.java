package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps events back until the table that they led to is made, so that each can say what it changed.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Announcer {
  private final String chain;
  private final Consumer<RoutingEvent> sink;
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(
      Kind kind, String subject, List<Upstream> members, String reason, String author) {}

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
    return pending.isEmpty();
  }

  /** Tells everything kept back, with shares of a class in the tables before and after. */
  void flush(RoutingTable before, RoutingTable after, MethodClass busiest) {
    List<Pending> told = List.copyOf(pending);
    pending.clear();
    for (Pending p : told) {
      sink.accept(
          new RoutingEvent(
              chain,
              p.kind(),
              p.subject(),
              p.reason(),
              p.author(),
              share(before, p.members(), busiest),
              share(after, p.members(), busiest)));
    }
  }

  private static double share(RoutingTable table, List<Upstream> members, MethodClass busiest) {
    double sum = 0;
    for (Upstream u : members) {
      sum += table.share(u, busiest);
    }
    return sum;
  }
}
