package io.fairlead.routing.sim.engine;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind.Absent;
import io.fairlead.routing.sim.scenario.FaultKind.Stall;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes of a world and what befalls them in the course of a play.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Globe {
  private final List<Node> nodes = new ArrayList<>();
  private final List<UpstreamSpec> specs;
  private final Agenda agenda;
  private final World world;
  private Runnable onMembers = () -> {};

  Globe(Scenario scenario, Agenda agenda, long seed) {
    this.agenda = agenda;
    this.world = scenario.world();
    this.specs = world.upstreams().stream().map(SimUpstream::spec).toList();
    for (SimUpstream upstream : world.upstreams()) {
      Weather weather = new Weather(world.blockTimeNanos());
      nodes.add(new Node(nodes.size(), upstream, agenda, weather, seed));
    }
    for (Fault fault : scenario.faults()) {
      if (fault.fromNanos() == 0) {
        begin(fault);
      } else {
        at(fault.fromNanos(), () -> begin(fault));
      }
    }
  }

  /** Says what to do whenever upstreams join or leave. */
  void whenMembersChange(Runnable task) {
    onMembers = task;
  }

  Node node(int upstream) {
    return nodes.get(upstream);
  }

  List<UpstreamSpec> specs() {
    return specs;
  }

  List<UpstreamSpec> configured() {
    return specs.stream()
        .filter(spec -> node(world.indexOf(spec.id())).weather().isConfigured())
        .toList();
  }

  private void at(long nanos, Runnable task) {
    agenda.add(nanos, Engine.TIMER, new Seat.Timer(task));
  }

  private void begin(Fault fault) {
    List<Node> befallen =
        fault.targets().upstreamIds().stream().map(id -> node(world.indexOf(id))).toList();
    befallen.forEach(node -> node.weather().begin(fault, agenda.nanoTime()));
    befallen.forEach(Node::onWeather);
    if (fault.kind() instanceof Stall stall) {
      stall(befallen, stall, fault.untilNanos());
    }
    if (fault.kind() instanceof Absent) {
      onMembers.run();
    }
    at(fault.untilNanos(), () -> end(fault, befallen));
  }

  private void end(Fault fault, List<Node> befallen) {
    befallen.forEach(node -> node.weather().end(fault));
    befallen.forEach(Node::onWeather);
    if (fault.kind() instanceof Absent) {
      onMembers.run();
    }
  }

  private void stall(List<Node> nodes, Stall stall, long untilNanos) {
    long now = agenda.nanoTime();
    set(nodes, true);
    at(Math.min(now + stall.forNanos(), untilNanos), () -> set(nodes, false));
    if (now + stall.everyNanos() < untilNanos) {
      at(now + stall.everyNanos(), () -> stall(nodes, stall, untilNanos));
    }
  }

  private static void set(List<Node> nodes, boolean isStalled) {
    for (Node node : nodes) {
      node.weather().onStall(isStalled);
      node.onWeather();
    }
  }
}
