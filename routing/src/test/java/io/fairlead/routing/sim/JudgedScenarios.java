package io.fairlead.routing.sim;

import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.StandardWorld;
import io.fairlead.routing.sim.scenario.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The scenarios that the routing is judged by and that need nothing but the standard world. */
final class JudgedScenarios {
  private static final long SECOND = 1_000_000_000L;

  private JudgedScenarios() {}

  static List<Scenario> all() {
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
        lasting());
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

  /** An hour of good weather, for measuring what a call costs. */
  static Scenario lasting() {
    Play play = StandardWorld.play();
    return StandardWorld.calm("long")
        .withPlay(
            new Play(
                3600 * SECOND,
                play.measureFromNanos(),
                play.timeoutNanos(),
                play.gateways(),
                play.settings()));
  }
}
