package io.fairlead.routing.sim;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.StandardWorld;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The judged scenarios that are about capacity: S2, S7, S11, S12, S13 and S17. */
final class CapacityScenarios {
  static final double QUOTA = 100;
  private static final long SECOND = 1_000_000_000L;

  private CapacityScenarios() {}

  static List<Scenario> all() {
    return List.of(
        crowded("S2-0.75", 0.75),
        crowded("S2-0.95", 0.95),
        crowded("S2-1.00", 1.00),
        crowded("S2-1.24", 1.24),
        crowded("S2-1.74", 1.74),
        quota(),
        halved(),
        joining(),
        healing(),
        many(),
        capped());
  }

  /** Every fifth server of the standard world, so that its capacity can be filled in a play. */
  static World small() {
    List<SimUpstream> some = new ArrayList<>();
    World whole = StandardWorld.world();
    for (int region = 0; region < 5; region++) {
      some.add(whole.upstreams().get(region * 6 + (region + 1) % 3));
      some.add(whole.upstreams().get(region * 6 + 3 + region % 3));
    }
    return new World(some, whole.blockTimeNanos());
  }

  /** Calls a second that the servers can do if each gets them in the mix of all. */
  static double capacity(World world, double rate) {
    double perSecond = 0;
    for (SimUpstream u : world.upstreams()) {
      Server server = u.server();
      double work = 0;
      for (ClassLoad c : StandardWorld.load(1).classes()) {
        boolean isHeavy = c.meanMillis() > 100;
        work += c.share() * c.meanMillis() * (isHeavy ? server.heavyFactor() : 1) / 1e3;
      }
      perSecond += rate * server.slots() * server.speed() / work;
    }
    return perSecond;
  }

  /** S2: antagonists steal 20 to 80 % of two servers in five, other ones every five seconds. */
  static Scenario crowded(String name, double load) {
    World world = small();
    SplittableRandom random = new SplittableRandom(2);
    List<Fault> faults = new ArrayList<>();
    double stolen = 0;
    int turns = 8;
    for (int turn = 0; turn < turns; turn++) {
      int from = random.nextInt(5);
      for (int k = 0; k < 4; k++) {
        double share = 0.2 + 0.2 * k;
        stolen += share / 10 / turns;
        String id = world.upstreams().get((from + 3 * k) % 10).spec().id();
        long at = 5L * turn * SECOND;
        faults.add(new Fault(new FaultKind.Steal(share), Targets.of(id), at, at + 5 * SECOND));
      }
    }
    double perSecond = load * capacity(world, 1 - stolen);
    return new Scenario(name, world, StandardWorld.load(perSecond), faults, play(40, 5, 1));
  }

  /** S7: one of the nearest has a hard quota from 15 s on. */
  static Scenario quota() {
    Fault fault =
        new Fault(new FaultKind.Limit(QUOTA), Targets.of("r0-3"), 15 * SECOND, 90 * SECOND);
    return StandardWorld.calm("S7").withPlay(play(90, 5, 1)).withFaults(fault);
  }

  /** S11: at seven tenths of capacity, three regions of five refuse from 15 s to 30 s. */
  static Scenario halved() {
    World world = small();
    List<String> ids =
        world.upstreams().stream()
            .map(u -> u.spec().id())
            .filter(id -> id.charAt(1) < '3')
            .toList();
    Fault fault =
        new Fault(
            new FaultKind.Refuse(),
            Targets.of(ids.toArray(new String[0])),
            15 * SECOND,
            30 * SECOND);
    return new Scenario(
        "S11", world, StandardWorld.load(0.7 * capacity(world, 1)), List.of(fault), play(75, 5, 1));
  }

  /** S12: the nearest region is new at 30 s. */
  static Scenario joining() {
    Fault fault =
        new Fault(
            new FaultKind.Absent(),
            Targets.of(StandardWorld.world(), StandardWorld.NEAREST),
            0,
            30 * SECOND);
    return StandardWorld.calm("S12-join").withPlay(play(80, 5, 1)).withFaults(fault);
  }

  /** S12: the nearest region heals at 30 s. */
  static Scenario healing() {
    return StandardWorld.stricken("S12-heal", new FaultKind.Refuse()).withPlay(play(80, 5, 1));
  }

  /** S13: fifty gateways lose the nearest region. */
  static Scenario many() {
    return StandardWorld.stricken("S13", new FaultKind.Refuse()).withPlay(play(60, 5, 50));
  }

  /** S17: no cloud may have more than 40 %, and one of four fails. */
  static Scenario capped() {
    RoutingPolicy d = RoutingPolicy.DEFAULT;
    RoutingPolicy policy =
        new RoutingPolicy(
            d.bias(), d.maxLagBlocks(), Map.of("cloud", 0.4), d.hedgeQuantile(), d.timeoutNanos());
    Settings s = Settings.DEFAULT;
    Settings settings = new Settings(policy, s.maxAttempts(), s.retryBudget(), s.hedgeBudget());
    Fault fault =
        new Fault(
            new FaultKind.Refuse(),
            Targets.of(StandardWorld.world(), FailureDomain.cloud("gcp")),
            15 * SECOND,
            30 * SECOND);
    return StandardWorld.calm("S17")
        .withPlay(new Play(60 * SECOND, 5 * SECOND, 3 * SECOND, 1, settings))
        .withFaults(fault);
  }

  private static Play play(long seconds, long measureFrom, int gateways) {
    Play play = StandardWorld.play();
    return new Play(
        seconds * SECOND, measureFrom * SECOND, play.timeoutNanos(), gateways, play.settings());
  }
}
