package io.fairlead.gateway.drill.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.drill.file.DrillFile;
import io.fairlead.gateway.drill.file.DrillLoader;
import io.fairlead.gateway.drill.file.DrillResult;
import io.fairlead.gateway.drill.file.ScenarioFolder;
import io.fairlead.gateway.drill.file.UsualLoad;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.sim.Simulator;
import io.fairlead.routing.sim.policy.FairleadGateway;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class DrillTest {
  private static final Path SCENARIOS = Path.of("../docs/scenarios");
  private static final String SMALL =
      """
      name: small
      topology:
        regions:
          - { cloud: aws, region: east, rtt: 2ms, upstreams: 3 }
          - { cloud: gcp, region: west, rtt: 10ms, upstreams: 3 }
          - { cloud: metal, region: north, rtt: 20ms, upstreams: 3 }
      load: { rate: 300, classes: [ { class: light, share: 100%, mean: 1ms } ] }
      duration: 8s
      measureFrom: 1s
      timeline: [ { target: region:aws/east, fault: black-hole, at: 3s, until: 6s } ]
      bars:
        - { figure: lost, most: 0 }
        - { figure: detected, most: 1ms }
        - { figure: p99, class: light, most: 0.5, versus: round-robin }
      """;

  @Test
  void everyScenarioOfTheRepositoryPlays() {
    for (Path path : ScenarioFolder.expand(List.of(SCENARIOS))) {
      DrillResult result = loader().load(path);
      Scenario scenario =
          shortened(assertInstanceOf(DrillResult.Loaded.class, result).file().scenario());
      Result played = Contest.playOnce(scenario, Contestants.FAIRLEAD);
      assertTrue(played.get(Metric.CALLS) > 0, path::toString);
    }
  }

  @Test
  void scenariosInAFolderComeInTheirOrder() {
    List<String> names =
        ScenarioFolder.expand(List.of(SCENARIOS)).stream()
            .map(p -> p.getFileName().toString())
            .toList();
    assertTrue(names.indexOf("S2-at.yaml") < names.indexOf("S10.yaml"), names::toString);
  }

  @Test
  void productionProberTellsTheRouterThatUpstreamsAreTheRightChain() {
    Outcome outcome = played(List.of(Contestants.FAIRLEAD));
    assertEquals(0, outcome.own().get(Measure.of(Figure.LOST)).median());
    assertTrue(outcome.own().get(Measure.of(Figure.PROBES)).median() > 0);
    assertEquals(1, outcome.own().get(Measure.of(Figure.BLAMED)).median());
  }

  @Test
  void figuresAreThoseOfTheSimulator() {
    Outcome outcome = played(List.of(Contestants.FAIRLEAD, "round-robin"));
    Scenario scenario = outcome.file().scenario();
    GatewayUnderTest.Factory roundRobin = Contestants.named("round-robin").orElseThrow();
    for (long seed = 1; seed <= 3; seed++) {
      Result result = Simulator.play(scenario, roundRobin, seed);
      double[] lost =
          Objects.requireNonNull(outcome.scores().get(1).values().get(Measure.of(Figure.LOST)));
      assertEquals(result.get(Metric.CALLS_LOST), lost[(int) seed - 1]);
    }
  }

  @Test
  void barsAreJudgedByTheMedianAndByTheRatioToARival() {
    Outcome outcome = played(List.of(Contestants.FAIRLEAD));
    assertEquals(
        List.of(true, false, true), outcome.judgements().stream().map(j -> j.isMet()).toList());
    assertEquals(1, outcome.scores().size());
    assertTrue(outcome.judgements().get(2).estimate().median() < 0.5);
  }

  @Test
  void hedgesAreOffForTheRivalWithoutHedges() {
    Scenario scenario =
        loaded(SMALL.replace("black-hole", "{ stall: 300ms, every: 1s }")).scenario();
    double with = Contest.playOnce(scenario, Contestants.FAIRLEAD).get(Metric.HEDGES);
    double without = Contest.playOnce(scenario, "no-hedge").get(Metric.HEDGES);
    assertTrue(with > without, with + " and " + without);
  }

  @Test
  void probersOfAllSortsFindTheSame() {
    Scenario scenario = loaded(SMALL).scenario();
    Result production = Contest.playOnce(scenario, Contestants.FAIRLEAD);
    Result plain = Simulator.play(scenario, FairleadGateway.factory(), 1);
    assertEquals(plain.get(Metric.BLAMED_RIGHT), production.get(Metric.BLAMED_RIGHT));
  }

  @Test
  void whatIfTellsShareRestAndUsers() {
    String text =
        """
        chains:
          eth:
            upstreams:
              - { id: a, url: "http://a", cloud: aws, region: e, weight: 300, maxConcurrency: 50 }
              - { id: b, url: "http://b", cloud: gcp, region: w, weight: 100, maxConcurrency: 50 }
              - { id: c, url: "http://c", cloud: ovh, region: f, weight: 100, maxConcurrency: 50 }
        routing: { bias: 0 }
        """;
    WhatIf.Answer answer = ask(text, "cloud:aws");
    assertEquals(List.of("a"), answer.members());
    assertEquals(0.6, answer.traffic().share(), 0.05);
    assertEquals(100, answer.traffic().restLimit().orElseThrow());
    assertTrue(answer.traffic().restInFlight() < 100, answer::toString);
    assertTrue(answer.users().goneMillis() < 2000, answer::toString);
    assertTrue(whatIf(text).ask(Target.parse("cloud:azure")).isEmpty());
  }

  private static WhatIf.Answer ask(String config, String target) {
    return whatIf(config).ask(Target.parse(target)).orElseThrow();
  }

  private static WhatIf whatIf(String text) {
    ConfigResult result = ConfigLoader.parse(Path.of("fairlead.yaml"), text, Map.of());
    FairleadConfig config = assertInstanceOf(ConfigResult.Loaded.class, result).config();
    Load load = new Load(List.of(new RatePoint(0, 50)), UsualLoad.CLASSES, 0);
    return new WhatIf(config, config.chains().values().iterator().next(), load);
  }

  /** A fortieth as long, everything in proportion, and at a third of the rate. */
  private static Scenario shortened(Scenario scenario) {
    Play play = scenario.play();
    Fault[] faults =
        scenario.faults().stream()
            .map(f -> new Fault(f.kind(), f.targets(), f.fromNanos() / 40, f.untilNanos() / 40))
            .toArray(Fault[]::new);
    RatePoint[] rate =
        scenario.load().rate().stream()
            .map(p -> new RatePoint(p.atNanos() / 40, p.perSecond() / 3))
            .toArray(RatePoint[]::new);
    return scenario
        .withLoad(scenario.load().withRate(rate))
        .withFaults(faults)
        .withPlay(
            new Play(
                play.durationNanos() / 40,
                play.measureFromNanos() / 40,
                play.timeoutNanos(),
                play.gateways(),
                play.settings()));
  }

  private static Outcome played(List<String> contestants) {
    return new Drill(new Contest(Runnable::run), loader(), line -> {})
        .play(loaded(SMALL), contestants, 3);
  }

  private static DrillFile loaded(String text) {
    DrillResult result = loader().parse(Path.of("small.yaml"), text);
    return assertInstanceOf(DrillResult.Loaded.class, result, result::toString).file();
  }

  private static DrillLoader loader() {
    return new DrillLoader(Contestants.baselines(), Map.of());
  }
}
