package io.fairlead.routing.sim.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
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
import java.util.List;

/** Small worlds for tests. */
final class Villages {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1000 * MILLI;
  static final FailureDomain NEAR = FailureDomain.region("c", "near");

  private Villages() {}

  /** Equal but for rounding. */
  static void assertNanos(long expected, long actual) {
    if (Math.abs(expected - actual) > 3) {
      assertEquals(expected, actual);
    }
  }

  static UpstreamSpec spec(String id, FailureDomain region) {
    return new UpstreamSpec(id, List.of(region), 100, 0, Integer.MAX_VALUE);
  }

  static SimUpstream upstream(String id, double rttMillis, Server server) {
    FailureDomain region = id.startsWith("a") ? NEAR : FailureDomain.region("c", "far");
    return new SimUpstream(spec(id, region), new Path(rttMillis, 0), server);
  }

  /** Calls of one class with work of a mean and spread. */
  static Load load(double perSecond, double meanMillis, double sigma) {
    return new Load(
        List.of(new RatePoint(0, perSecond)),
        List.of(new ClassLoad(MethodClass.READ, 1, meanMillis, sigma, 0)),
        0);
  }

  static Play play(long seconds) {
    return new Play(seconds * SECOND, 0, 3 * SECOND, 1, Settings.DEFAULT);
  }

  /** One upstream {@code a}, 10 ms away with plenty of slots; fifty calls a second of 20 ms. */
  static Scenario lonely(FaultKind kind, long fromSecond, long untilSecond) {
    World world = new World(List.of(upstream("a", 10, Server.of(1000, 1))), 2 * SECOND);
    Fault fault = new Fault(kind, Targets.of("a"), fromSecond * SECOND, untilSecond * SECOND);
    return new Scenario("lonely", world, load(50, 20, 0), List.of(fault), play(20));
  }

  /** One upstream without jitter and without anything befalling it. */
  static Scenario queue(Server server, Load load, long seconds) {
    World world = new World(List.of(upstream("a", 0, server)), 2 * SECOND);
    Play play = new Play(seconds * SECOND, 0, 1000 * SECOND, 1, Settings.DEFAULT);
    return new Scenario("queue", world, load, List.of(), play);
  }
}
