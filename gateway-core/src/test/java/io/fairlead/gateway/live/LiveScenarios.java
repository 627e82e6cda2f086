package io.fairlead.gateway.live;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A world of three regions in three clouds, and scenarios in it. */
final class LiveScenarios {
  static final long SECOND = 1_000_000_000;
  static final World WORLD = world();
  static final Targets REGION = Targets.of(WORLD, FailureDomain.region("aws", "a"));
  static final Targets ONE = Targets.of("aws-1");

  private LiveScenarios() {}

  private static World world() {
    List<SimUpstream> upstreams = new ArrayList<>();
    for (String cloud : List.of("aws", "gcp", "azure")) {
      for (int i = 1; i <= 2; i++) {
        List<FailureDomain> domains =
            List.of(FailureDomain.region(cloud, "a"), FailureDomain.cloud(cloud));
        upstreams.add(
            new SimUpstream(
                new UpstreamSpec(cloud + "-" + i, domains, 100, 0, Integer.MAX_VALUE),
                new Path(1, 0.1),
                Server.of(12, 1)));
      }
    }
    return new World(upstreams, 2 * SECOND);
  }

  /** The usual settings, patiently, with a bias. */
  static Settings settings(double bias) {
    return new Settings(new RoutingPolicy(bias, 3, Map.of(), 0.95, 30 * SECOND), 3, 0.1, 0.03);
  }

  /** One fault between two instants. */
  static Scenario of(FaultKind kind, Targets targets, long fromNanos, long untilNanos) {
    return with(new Fault(kind, targets, fromNanos, untilNanos));
  }

  /** Forty calls a second for seventeen seconds, with faults. */
  static Scenario with(Fault... faults) {
    Load load =
        new Load(
            List.of(new RatePoint(0, 40)),
            List.of(
                new ClassLoad(MethodClass.LIGHT, 0.6, 1, 0.4, 0.5),
                new ClassLoad(MethodClass.READ, 0.35, 3, 0.5, 0.5),
                new ClassLoad(MethodClass.LOGS, 0.04, 10, 0.5, 0),
                new ClassLoad(MethodClass.WRITE, 0.01, 3, 0.5, 0)),
            0);
    Play play = new Play(17 * SECOND, SECOND / 2, 30 * SECOND, 1, settings(0));
    return new Scenario("live", WORLD, load, List.of(faults), play);
  }
}
