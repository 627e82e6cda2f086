package io.fairlead.routing.sim;

import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.StandardWorld;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The scenarios that the routing is judged by and that need nothing but the standard world. */
final class JudgedScenarios {
  private static final long SECOND = 1_000_000_000L;

  private JudgedScenarios() {}

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>(ofDomains());
    all.addAll(CapacityScenarios.all());
    return all;
  }

  private static List<Scenario> ofDomains() {
    return List.of(
        StandardWorld.calm("S1"),
        StandardWorld.stricken("S3", new FaultKind.Refuse()),
        StandardWorld.stricken("S4", new FaultKind.BlackHole()),
        StandardWorld.stricken("S5-10", new FaultKind.Errors(0.1, 0)),
        StandardWorld.stricken("S5-20", new FaultKind.Errors(0.2, 0)),
        StandardWorld.stricken("S5-30", new FaultKind.Errors(0.3, 0)),
        StandardWorld.stricken("S5-50", new FaultKind.Errors(0.5, 0)),
        StandardWorld.stricken("S6-3", new FaultKind.Slow(3)),
        StandardWorld.stricken("S6-8", new FaultKind.Slow(8)),
        flapping(),
        rubbish(),
        crowd(),
        lasting("long", 0),
        lasting("drains-0.5", 0.005),
        lasting("drains-2", 0.02),
        lasting("drains-5", 0.05));
  }

  /** Those named, commas between; {@code S5} stands for all its variants; {@code all} for all. */
  static List<Scenario> named(String words) {
    return all().stream()
        .filter(
            s -> words.equals("all") || Arrays.stream(words.split(",", -1)).anyMatch(w -> is(s, w)))
        .toList();
  }

  private static boolean is(Scenario scenario, String word) {
    return scenario.name().equals(word) || scenario.name().startsWith(word + "-");
  }

  /** S8: the nearest region, five seconds down and five up, ten times. */
  static Scenario flapping() {
    Scenario calm = StandardWorld.calm("S8");
    Targets targets = Targets.of(calm.world(), StandardWorld.NEAREST);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      long from = (15 + 10L * i) * SECOND;
      faults.add(new Fault(new FaultKind.Refuse(), targets, from, from + 5 * SECOND));
    }
    Play play = calm.play();
    Play longer =
        new Play(
            150 * SECOND,
            play.measureFromNanos(),
            play.timeoutNanos(),
            play.gateways(),
            play.settings());
    return calm.withPlay(longer).withFaults(faults.toArray(new Fault[0]));
  }

  /** S10: from the start, two calls of five are wrong in themselves. */
  static Scenario rubbish() {
    Scenario calm = StandardWorld.calm("S10");
    Load load = calm.load();
    return calm.withLoad(load.withInvalidShare(0.4));
  }

  /** S13: fifty gateways see the nearest region fall silent. */
  static Scenario crowd() {
    Scenario stricken = StandardWorld.stricken("S13", new FaultKind.BlackHole());
    Play play = stricken.play();
    return stricken.withPlay(
        new Play(
            play.durationNanos(),
            play.measureFromNanos(),
            play.timeoutNanos(),
            50,
            play.settings()));
  }

  /** An hour in which every upstream errs at a base rate, for prices and for false drains. */
  static Scenario lasting(String name, double errorRate) {
    Play play = StandardWorld.play();
    Play hour =
        new Play(
            3600 * SECOND,
            play.measureFromNanos(),
            play.timeoutNanos(),
            play.gateways(),
            play.settings());
    Scenario calm = StandardWorld.calm(name);
    List<SimUpstream> erring = new ArrayList<>();
    for (SimUpstream u : calm.world().upstreams()) {
      Server s = u.server();
      Server server = new Server(s.slots(), s.speed(), s.heavyFactor(), errorRate, 0);
      erring.add(new SimUpstream(u.spec(), u.path(), server));
    }
    World world = new World(erring, calm.world().blockTimeNanos());
    return new Scenario(name, world, calm.load(), List.of(), hour);
  }
}
