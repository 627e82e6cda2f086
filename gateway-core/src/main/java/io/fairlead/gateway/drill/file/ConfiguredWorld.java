package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.RoutingConfig.Hedge;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.List;

/** A configuration of the gateway as the simulator needs it. */
public final class ConfiguredWorld {
  private ConfiguredWorld() {}

  /**
   * A chain's upstreams.
   *
   * @param chain the chain
   * @param assumptions what the configuration does not say
   * @return in the file's order
   */
  public static World of(ChainConfig chain, Assumptions assumptions) {
    List<SimUpstream> upstreams = new ArrayList<>();
    for (UpstreamConfig upstream : chain.upstreams()) {
      upstreams.add(assumptions.toSim(upstream, upstreams.size()));
    }
    return new World(upstreams, chain.identity().blockTime().toNanos());
  }

  /**
   * The section on routing.
   *
   * @param routing the section
   * @return the same for a simulated gateway
   */
  public static Settings settings(RoutingConfig routing) {
    double hedges = routing.hedge().map(Hedge::budget).orElse(0.0);
    return new Settings(
        routing.toPolicy(), routing.retry().attempts(), routing.retry().budget(), hedges);
  }
}
