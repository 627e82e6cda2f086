package io.fairlead.gateway.live;

import io.fairlead.gateway.demo.world.Fault;
import io.fairlead.gateway.demo.world.NodePlan;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.NodeServer;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.gateway.demo.world.WorkTimes;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The upstreams of a scenario as nodes on loopback ports, and what befalls them.
 *
 * <p>Thread-safety: safe. Ownership: whoever starts it closes it.
 */
final class LiveWorld implements AutoCloseable {
  private final SimulatedWorld world;

  private LiveWorld(SimulatedWorld world) {
    this.world = world;
  }

  /**
   * Faults of some nodes that begin or end.
   *
   * @param atNanos from the start of the play
   * @param nodeIds whose
   * @param fault what is wrong from then on
   */
  record Change(long atNanos, List<String> nodeIds, Fault fault) {}

  static LiveWorld start(Scenario scenario, SimulatedChain chain, long seed) {
    List<NodePlan> plans =
        scenario.world().upstreams().stream().map(u -> plan(u, scenario)).toList();
    return new LiveWorld(SimulatedWorld.startPlanned(chain, plans, seed));
  }

  private static NodePlan plan(SimUpstream upstream, Scenario scenario) {
    Place place = Place.of(upstream.spec().domains());
    Server server = upstream.server();
    NodeProfile profile =
        new NodeProfile(
            upstream.spec().id(), place.cloud(), place.region(), upstream.path().rttMillis(), 1);
    return new NodePlan(
        profile,
        new NodeServer(
            server.slots(),
            upstream.path().jitter(),
            server.errorRate(),
            server.quotaPerSecond(),
            work(scenario.load().classes(), server)));
  }

  private static WorkTimes work(List<ClassLoad> classes, Server server) {
    Map<MethodClass, WorkTimes.Lognormal> times = new EnumMap<>(WorkTimes.USUAL.byClass());
    for (ClassLoad load : classes) {
      MethodClass c = load.methodClass();
      boolean isHeavy = c == MethodClass.LOGS || c == MethodClass.TRACE;
      double factor = (isHeavy ? server.heavyFactor() : 1) / server.speed();
      times.put(c, WorkTimes.Lognormal.ofMean(load.meanMillis() * factor, load.sigma()));
    }
    return new WorkTimes(times);
  }

  /** Where an upstream stands, by its failure domains. */
  record Place(String cloud, String region) {
    static Place of(List<FailureDomain> domains) {
      String cloud = name(domains, FailureDomain.CLOUD);
      String region = name(domains, FailureDomain.REGION);
      boolean isNamedInFull = region.startsWith(cloud + "/");
      return new Place(cloud, isNamedInFull ? region.substring(cloud.length() + 1) : region);
    }

    private static String name(List<FailureDomain> domains, String kind) {
      return domains.stream()
          .filter(domain -> domain.kind().equals(kind))
          .map(FailureDomain::name)
          .findFirst()
          .orElse("");
    }
  }

  /** What befalls the nodes of a scenario, in the order of time; at one instant ends come first. */
  static List<Change> changes(Scenario scenario) {
    List<Change> begins = new ArrayList<>();
    List<Change> all = new ArrayList<>();
    for (var fault : scenario.faults()) {
      List<String> ids = fault.targets().upstreamIds();
      begins.add(new Change(fault.fromNanos(), ids, fault(fault.kind())));
      all.add(new Change(fault.untilNanos(), ids, Fault.NONE));
    }
    all.addAll(begins);
    all.sort(Comparator.comparingLong(Change::atNanos));
    return all;
  }

  private static Fault fault(FaultKind kind) {
    if (kind instanceof FaultKind.Refuse) {
      return Fault.of(Fault.Kind.REFUSE);
    } else if (kind instanceof FaultKind.BlackHole) {
      return Fault.BLACK_HOLE;
    } else if (kind instanceof FaultKind.Errors errors) {
      return Fault.errors(errors.share(), errors.afterMillis());
    } else if (kind instanceof FaultKind.Slow slow) {
      return Fault.slow(slow.factor());
    } else if (kind instanceof FaultKind.Steal steal) {
      return Fault.slow(1 / (1 - steal.share()));
    } else if (kind instanceof FaultKind.Delay delay) {
      return Fault.delay(delay.addedMillis());
    } else if (kind instanceof FaultKind.Lag lag) {
      return Fault.lag(lag.blocks());
    } else if (kind instanceof FaultKind.Limit limit) {
      return Fault.limit(limit.perSecond());
    }
    throw new IllegalArgumentException("fault: " + kind + " (expected: one that can be played)");
  }

  SimulatedWorld world() {
    return world;
  }

  SimulatedNode node(String id) {
    return world.node(id);
  }

  /** Applies a change; done when it is in force. */
  CompletableFuture<Void> apply(Change change) {
    return world.setFault(node -> change.nodeIds().contains(node.profile().id()), change.fault());
  }

  @Override
  public void close() {
    world.close();
  }
}
