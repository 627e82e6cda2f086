package io.fairlead.gateway.drill.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.drill.file.DrillResult.Loaded;
import io.fairlead.gateway.drill.file.DrillResult.Refused;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.play.Contestants;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.StandardWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrillLoaderTest {
  private static final java.nio.file.Path SCENARIOS = java.nio.file.Path.of("../docs/scenarios");
  private static final String GOOD =
      """
      name: x
      topology:
        regions:
          - { cloud: aws, region: east, rtt: 2ms, upstreams: 2, vendors: [acme, bolt] }
          - { cloud: gcp, region: west, rtt: 30ms, upstreams: 1, vendors: [acme] }
      load: { rate: 100 }
      duration: 60s
      timeline:
        - { target: cloud:aws, fault: refuse, at: 10s, until: 20s }
      """;

  @TempDir java.nio.file.Path dir;

  /** A line of the good file, what stands there instead, and all that is found then. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "name: x | nam: x | x.yaml:1:1: name: missing",
        "duration: 60s | duraton: 60s | x.yaml:7:1: duraton: unknown key",
        "duration: 60s | duraton: 60s | did you mean duration?",
        "duration: 60s | duration: 60 | x.yaml:7:11: duration: 60 (expected: a duration from 1s to"
            + " 24h",
        "duration: 60s | duration: 15s | x.yaml:9:57: timeline[0].until: ends at 20s (expected: at"
            + " most the duration, 15s)",
        "rate: 100 | rate: 0 | x.yaml:6:15: load.rate: 0 (expected: a number from 0.1 to 1000000)",
        "{ rate: 100 } | { rate: 100, ramp: [ { at: 0s, rate: 1 } ] } | x.yaml:6:7: load: both of"
            + " rate and ramp (expected: one of both)",
        "{ rate: 100 } | { ramp: [ { at: 5s, rate: 1 }, { at: 5s, rate: 2 } ] } | x.yaml:6:44:"
            + " load.ramp[1].at: 5s (expected: after the point before it, 5s)",
        "{ rate: 100 } | { rate: 1, classes: [ { class: light, share: 50%, mean: 1ms } ] } |"
            + " x.yaml:6:27: load.classes: 50.00% together (expected: 100%)",
        "{ rate: 100 } | { rate: 1, invalid: 101% } | x.yaml:6:27: load.invalid: 101% (expected:",
        "cloud:aws | cloud:awz | x.yaml:9:15: timeline[0].target: cloud:awz (expected: an upstream"
            + " or a failure domain of the world; did you mean cloud:aws?)",
        "until: 20s | until: 10s | x.yaml:9:57: timeline[0].until: 10s (expected: after at, 10s)",
        "until: 20s | for: 51s | x.yaml:9:55: timeline[0].for: ends at 61s (expected: at most the"
            + " duration, 60s)",
        "at: 10s, until: 20s | at: 60s | x.yaml:9:45: timeline[0].at: 60s (expected: before the"
            + " end, 60s)",
        "until: 20s | until: 20s, for: 10s | x.yaml:9:67: timeline[0].for: given beside until",
        "until: 20s | for: 5s, every: 5s, times: 3 | x.yaml:9:66: timeline[0].every: 5s (expected:"
            + " more than it lasts, 5s)",
        "until: 20s | for: 5s, every: 20s, times: 4 | x.yaml:9:78: timeline[0].times: the last one"
            + " ends at 75s (expected: at most the duration, 60s)",
        "until: 20s | for: 5s, times: 4 | x.yaml:9:66: timeline[0].times: without every (expected:"
            + " both)",
        "refuse | refus | x.yaml:9:33: timeline[0].fault: refus (expected:",
        "refuse | refus | did you mean refuse?",
        "refuse | { errors: 101% } | x.yaml:9:43: timeline[0].fault.errors: 101%",
        "refuse | { errors: 30%, slow: 2 } | x.yaml:9:33: timeline[0].fault: errors and slow"
            + " (expected: one of errors, slow",
        "refuse | { stall: 2s, every: 1s } | x.yaml:9:53: timeline[0].fault.every: 1s (expected:"
            + " more than stall, 2s)",
        "refuse | { slow: 2, after: 1s } | x.yaml:9:51: timeline[0].fault.after: without errors"
            + " (expected: both)",
        "refuse | { steal: 100% } | x.yaml:9:42: timeline[0].fault.steal: all of it (expected: 0%"
            + " to 99%)",
        "rtt: 2ms, upstreams: 2 | rtt: 2ms, upstreams: [ { id: a, weight: 10001 } ] | x.yaml:4:75:"
            + " topology.regions[0].upstreams[0].weight: 10001 (expected: 0 to 10000)",
        "region: west | region: east | x.yaml:9:15: nothing",
        "cloud: gcp, region: west | cloud: aws, region: east | x.yaml:5:57:"
            + " topology.regions[1].upstreams: aws-east-1 again (expected: an id of its own; a"
            + " region on line 4 has it)",
        "name: x | {name: x, name: y} | x.yaml:2:1: file: not YAML",
      })
  void badFilesAreRefusedWithTheExactPlace(String good, String bad, String found) {
    String text = GOOD.replace(good, bad);
    if (found.endsWith("nothing")) {
      assertInstanceOf(Loaded.class, parse(text));
    } else {
      assertFound(text, found);
    }
  }

  @Test
  void settingsOutOfRangeAreRefusedWithTheRange() {
    assertFound(GOOD + "routing: { bias: 11 }\n", "x.yaml:10:18: routing.bias: 11 (expected: a");
    assertFound(
        GOOD + "routing: { maxShare: { cloud: 0% } }\n",
        "x.yaml:10:31: routing.maxShare.cloud: 0% (expected: a share from 1% to 100%");
    assertFound(
        GOOD + "routing: { retry: { budget: 101% } }\n",
        "x.yaml:10:29: routing.retry.budget: 101% (expected: a share from 0% to 100%");
    assertFound(GOOD + "gateways: 0\n", "x.yaml:10:11: gateways: 0 (expected: 1 to 1000)");
  }

  @Test
  void contradictoryFaultsOnOneUpstreamAreRefused() {
    assertFound(
        GOOD + second("{ slow: 2 }"),
        "x.yaml:10:34: timeline[1].fault: contradicts line 9 for aws-east-1");
    assertInstanceOf(
        Loaded.class, parse(GOOD.replace("refuse", "{ errors: 5% }") + second("{ slow: 2 }")));
    assertFound(
        GOOD.replace("refuse", "{ slow: 2 }") + second("{ slow: 3 }"),
        "timeline[1].fault: contradicts line 9 for aws-east-1");
    assertInstanceOf(Loaded.class, parse(GOOD + second("refuse").replace("15s", "20s")));
  }

  private static String second(String fault) {
    return "  - { target: aws-east-1, fault: " + fault + ", at: 15s, until: 25s }\n";
  }

  @Test
  void barsNameAFigureItsUnitAndSomebodyKnown() {
    assertFound(
        GOOD + "bars: [ { figure: p99, most: 3 } ]\n",
        "x.yaml:10:30: bars[0].most: 3 (expected: a duration, like 50ms)");
    assertFound(
        GOOD + "bars: [ { figure: lost } ]\n",
        "x.yaml:10:9: bars[0]: neither of most and least (expected: one of both)");
    assertFound(
        GOOD + "bars: [ { figure: p99, most: 0.5, versus: prequel } ]\n",
        "x.yaml:10:43: bars[0].versus: prequel (expected: one of round-robin");
    assertFound(
        GOOD + "bars: [ { figure: p99, most: 0.5, versus: other.yaml } ]\n",
        "bars[0].versus: other.yaml does not exist");
    assertFound(
        GOOD + "bars: [ { figure: lost, class: light, most: 3 } ]\n",
        "x.yaml:10:32: bars[0].class: lost has none (expected: p50, p95, p99 or p99.9)");
    assertFound(GOOD + "compare: [prequel]\n", "x.yaml:10:11: compare[0]: prequel (expected: one");
    DrillFile file = loaded(GOOD + "bars: [ { figure: detected, most: 50ms } ]\n");
    assertEquals(Figure.DETECTED, file.bars().get(0).measure().figure());
    assertEquals("detected <= 50 ms", file.bars().get(0).toString());
  }

  @Test
  void everythingThatIsWrongIsFoundInOneGo() {
    Refused refused =
        assertInstanceOf(
            Refused.class, parse("name: x\nlod: 1\nduration: 5\ntimeline: [ { at: 1s } ]\n"));
    assertEquals(
        List.of("1:1", "1:1", "2:1", "3:11", "4:13", "4:13"),
        refused.problems().stream().map(p -> p.line() + ":" + p.column()).toList(),
        refused::toString);
  }

  @Test
  void faultOfADomainBlamesItAndAFaultOfUpstreamsNobody() {
    assertEquals(Optional.of(FailureDomain.cloud("aws")), cause(GOOD));
    assertEquals(Optional.empty(), cause(GOOD.replace("cloud:aws", "aws-east-1")));
    assertEquals(Optional.empty(), cause(GOOD.replace("refuse", "{ steal: 20% }")));
    assertEquals(
        Optional.of(FailureDomain.cloud("aws")),
        cause(GOOD.replace("cloud:aws", "[aws-east-1, aws-east-2], blame: cloud:aws")));
    assertEquals(Optional.empty(), cause(GOOD.replace("cloud:aws", "cloud:aws, blame: nobody")));
  }

  @Test
  void flappingBecomesOneFaultForEachTime() {
    Scenario scenario =
        loaded(GOOD.replace("until: 20s", "for: 2s, every: 10s, times: 3")).scenario();
    assertEquals(
        List.of(10L, 20L, 30L),
        scenario.faults().stream().map(f -> f.fromNanos() / 1_000_000_000L).toList());
  }

  @Test
  void configurationGivesUpstreamsAndRouting() throws IOException {
    Files.writeString(
        dir.resolve("fairlead.yaml"),
        """
        chains:
          eth:
            blockTime: 2s
            upstreams:
              - { id: a, url: "http://a", cloud: aws, region: east, weight: 7 }
              - { id: b, url: "http://b", cloud: gcp, region: west, kind: edge, maxConcurrency: 9 }
        routing: { bias: 1, retry: { attempts: 2 } }
        """);
    String text =
        """
        name: x
        config: fairlead.yaml
        assume: { rtt: { "cloud:aws": 7ms }, slots: 3 }
        load: { rate: 100 }
        duration: 60s
        timeline: [ { target: a, fault: black-hole, at: 10s } ]
        """;
    Scenario scenario = loaded(text).scenario();
    SimUpstream a = scenario.world().upstreams().get(0);
    assertEquals(new Path(7, 0.1), a.path());
    assertEquals(Server.of(3, 1), a.server());
    assertEquals(7, a.spec().weight());
    assertEquals(5, scenario.world().upstreams().get(1).path().rttMillis());
    assertEquals(9, scenario.world().upstreams().get(1).spec().maxConcurrency());
    assertEquals(2_000_000_000L, scenario.world().blockTimeNanos());
    assertEquals(2, scenario.play().settings().maxAttempts());
    assertEquals(1, scenario.play().settings().policy().bias());
    assertFound(
        text.replace("cloud:aws", "cloud:aw"), "x.yaml:3:16: assume.rtt: nobody is cloud:aw");
    assertFound(text + "chain: base\n", "x.yaml:7:8: chain: base is not in the configuration");
    assertFound(text.replace("fairlead.yaml", "none.yaml"), "x.yaml:2:9: config: ");
    assertFound(text.replace("config: fairlead.yaml\n", ""), "x.yaml:2:9: assume: without config");
  }

  @Test
  void everyScenarioInTheRepositoryLoads() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<java.nio.file.Path> files = Files.list(SCENARIOS)) {
      for (java.nio.file.Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        DrillResult result = loader().load(file);
        assertInstanceOf(Loaded.class, result, result::toString);
        DrillFile drill = ((Loaded) result).file();
        assertEquals(file.getFileName().toString(), drill.scenario().name() + ".yaml");
        names.add(drill.scenario().name().replaceFirst("-.*", ""));
      }
    }
    for (int i = 1; i <= 17; i++) {
      assertTrue(names.contains("S" + i), "S" + i + " in " + names);
    }
  }

  @Test
  void scenariosPlayInTheWorldThatPoliciesAreJudgedIn() {
    DrillResult result = loader().load(SCENARIOS.resolve("S3.yaml"));
    Scenario written = assertInstanceOf(Loaded.class, result).file().scenario();
    Scenario standard = StandardWorld.stricken("S3", new FaultKind.Refuse());
    assertEquals(
        standard.world().upstreams().stream().map(DrillLoaderTest::text).toList(),
        written.world().upstreams().stream().map(DrillLoaderTest::text).toList());
    assertEquals(standard.load(), written.load());
    assertEquals(standard.play().durationNanos(), written.play().durationNanos());
    Fault expected = standard.faults().get(0);
    Fault fault = written.faults().get(0);
    assertEquals(
        expected.fromNanos() + "-" + expected.untilNanos(),
        fault.fromNanos() + "-" + fault.untilNanos());
    assertEquals(6, fault.targets().upstreamIds().size());
  }

  private static String text(SimUpstream u) {
    Server server = u.server();
    return String.format(
        Locale.ROOT,
        "%s %d %.4f %.1f",
        u.path(),
        server.slots(),
        server.speed(),
        server.heavyFactor());
  }

  private Optional<FailureDomain> cause(String text) {
    return loaded(text).scenario().faults().get(0).targets().cause();
  }

  private DrillFile loaded(String text) {
    return assertInstanceOf(Loaded.class, parse(text)).file();
  }

  private void assertFound(String text, String found) {
    Refused refused = assertInstanceOf(Refused.class, parse(text), text);
    String all = refused.problems().toString().replace(dir + "/", "");
    assertTrue(all.contains(found), () -> all + "\nshould contain\n" + found);
  }

  private DrillResult parse(String text) {
    return loader().parse(dir.resolve("x.yaml"), text);
  }

  private static DrillLoader loader() {
    return new DrillLoader(Contestants.baselines(), Map.of());
  }
}
