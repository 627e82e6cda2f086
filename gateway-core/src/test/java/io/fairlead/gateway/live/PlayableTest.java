package io.fairlead.gateway.live;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Targets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be played live, and what a scenario becomes when it is. */
final class PlayableTest {
  private static final long SECOND = LiveScenarios.SECOND;

  private static void refused(String field, Scenario scenario) {
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> LiveDrill.check(scenario))
                .getMessage());
    assertTrue(said.startsWith(field) && said.contains("expected: "), said);
  }

  static List<FaultKind> playable() {
    return List.of(
        new FaultKind.Refuse(),
        new FaultKind.BlackHole(),
        new FaultKind.Errors(0.3, 1),
        new FaultKind.Slow(3),
        new FaultKind.Delay(400),
        new FaultKind.Steal(0.5),
        new FaultKind.Lag(5),
        new FaultKind.Limit(10));
  }

  @ParameterizedTest
  @MethodSource("playable")
  void mostFaultsCanBePlayed(FaultKind kind) {
    Scenario scenario = LiveScenarios.of(kind, LiveScenarios.REGION, SECOND, 2 * SECOND);
    assertDoesNotThrow(() -> LiveDrill.check(scenario));
    assertEquals(2, LiveWorld.changes(scenario).size());
  }

  @Test
  void whatSocketsCannotDoIsRefused() {
    Targets region = LiveScenarios.REGION;
    refused("fault", LiveScenarios.of(new FaultKind.Absent(), region, SECOND, 2 * SECOND));
    refused("fault", LiveScenarios.of(new FaultKind.Stall(9, 3), region, SECOND, 2 * SECOND));
    refused("fault", LiveScenarios.of(new FaultKind.Slow(0.5), region, SECOND, 2 * SECOND));
  }

  @Test
  void twoFaultsAtOnceForOneUpstreamAreRefusedAndOneAfterTheOtherAreNot() {
    Fault first = new Fault(new FaultKind.Refuse(), LiveScenarios.REGION, SECOND, 3 * SECOND);
    Fault during = new Fault(new FaultKind.Refuse(), LiveScenarios.ONE, 2 * SECOND, 4 * SECOND);
    Fault after = new Fault(new FaultKind.Refuse(), LiveScenarios.ONE, 3 * SECOND, 4 * SECOND);
    Fault elsewhere = new Fault(new FaultKind.Refuse(), Targets.of("gcp-1"), SECOND, 4 * SECOND);
    refused("fault", LiveScenarios.with(first, during));
    assertDoesNotThrow(() -> LiveDrill.check(LiveScenarios.with(first, after, elsewhere)));
  }

  @Test
  void aFaultThatBeginsWhenAnotherEndsIsInForceAfterwards() {
    Fault first = new Fault(new FaultKind.Slow(3), LiveScenarios.ONE, SECOND, 2 * SECOND);
    Fault second = new Fault(new FaultKind.Refuse(), LiveScenarios.ONE, 2 * SECOND, 3 * SECOND);
    List<LiveWorld.Change> changes = LiveWorld.changes(LiveScenarios.with(second, first));
    assertEquals(
        List.of("SLOW", "NONE", "REFUSE", "NONE"),
        changes.stream().map(change -> change.fault().kind().name()).toList());
  }

  @Test
  void sizesBeyondOneProcessAreRefused() {
    Scenario usual = LiveScenarios.with();
    Play play = usual.play();
    refused("gateways", usual.withPlay(new Play(10 * SECOND, 0, SECOND, 50, play.settings())));
    refused("duration", usual.withPlay(new Play(601 * SECOND, 0, SECOND, 1, play.settings())));
    refused("rate", usual.withLoad(usual.load().withRate(new RatePoint(0, 5_000))));
    refused("invalid", usual.withLoad(usual.load().withInvalidShare(0.1)));
  }

  @Test
  void theGatewayIsConfiguredWithTheScenariosFailureDomains() {
    for (List<FailureDomain> domains :
        List.of(
            List.of(FailureDomain.region("aws", "a"), FailureDomain.cloud("aws")),
            List.of(new FailureDomain("region", "r0")),
            List.of(
                FailureDomain.cloud("aws"),
                new FailureDomain(FailureDomain.VENDOR, "acme"),
                new FailureDomain("asn", "16509")))) {
      UpstreamSpec spec = new UpstreamSpec("u", domains, 7, 1, 40);
      UpstreamConfig config = LiveGateway.upstream(spec, "http://127.0.0.1:1");
      assertEquals(spec, config.toSpec());
    }
  }

  @Test
  void settingsBecomeTheRoutingThatSaysThem() {
    var routing = LiveGateway.routing(LiveScenarios.settings(2));
    assertEquals(2, routing.spread().bias());
    assertEquals(3, routing.retry().attempts());
    assertEquals(0.95, routing.hedge().orElseThrow().afterQuantile());
  }

  @Test
  void countersAreAddedUpOverTheirLabels() {
    String page = "x_total{a=\"1\",} 2.0\nx_total{a=\"2\",} 3.0\nx_total_more{} 9\n";
    assertEquals(5, Extras.sum(page, "x_total"));
  }
}
