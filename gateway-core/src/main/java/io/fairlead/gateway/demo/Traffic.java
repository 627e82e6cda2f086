package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.view.Frame;
import io.fairlead.gateway.demo.world.Fault;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where traffic goes: the table's shares and what reaches the nodes, by region.
 *
 * <p>Thread-safety: confined to the demo's loop.
 */
final class Traffic {
  private final SimulatedWorld world;
  private final DemoGateway gateway;
  private final Map<SimulatedNode, Long> requestsBefore = new HashMap<>();
  private double secondsBefore;

  Traffic(SimulatedWorld world, DemoGateway gateway) {
    this.world = world;
    this.gateway = gateway;
  }

  /** The share of a whole cloud in new calls. */
  double share(String cloud) {
    Map<String, Double> shares = gateway.shares();
    return world.nodes().stream()
        .map(SimulatedNode::profile)
        .filter(profile -> profile.cloud().equals(cloud))
        .mapToDouble(profile -> shares.getOrDefault(profile.id(), 0.0))
        .sum();
  }

  /** All regions; rates are since the last time. */
  List<Frame.Place> next(double seconds) {
    Map<String, Double> shares = gateway.shares();
    double elapsed = Math.max(1e-3, seconds - secondsBefore);
    secondsBefore = seconds;
    Map<String, Frame.Place> places = new LinkedHashMap<>();
    for (SimulatedNode node : world.nodes()) {
      long requests = node.requests();
      Long before = requestsBefore.put(node, requests);
      NodeProfile at = node.profile();
      Frame.Place place =
          new Frame.Place(
              at.cloud(),
              at.region(),
              shares.getOrDefault(at.id(), 0.0),
              (requests - (before == null ? requests : before)) / elapsed,
              describe(node.fault()));
      places.merge(at.cloud() + '/' + at.region(), place, Traffic::together);
    }
    return List.copyOf(places.values());
  }

  private static Frame.Place together(Frame.Place a, Frame.Place b) {
    return new Frame.Place(
        a.cloud(),
        a.region(),
        a.share() + b.share(),
        a.requestsPerSecond() + b.requestsPerSecond(),
        a.fault());
  }

  private static String describe(Fault fault) {
    return fault.kind() == Fault.Kind.NONE
        ? ""
        : fault.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
