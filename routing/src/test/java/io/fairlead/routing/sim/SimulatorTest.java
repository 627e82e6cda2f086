package io.fairlead.routing.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.policy.FairleadGateway;
import io.fairlead.routing.sim.policy.Oracle;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Summary;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.StandardWorld;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The production policy in the standard world, held to what it must do whatever is tuned. */
class SimulatorTest {
  private static final long SECOND = 1_000_000_000L;
  private static final List<Long> SEEDS = List.of(1L, 2L);

  private static Scenario brief(Scenario scenario) {
    Play play = scenario.play();
    return scenario.withPlay(
        new Play(
            25 * SECOND,
            play.measureFromNanos(),
            play.timeoutNanos(),
            play.gateways(),
            play.settings()));
  }

  @Test
  void aRegionThatRefusesIsBlamedAndLeftAtOnce() {
    assertLeft(new FaultKind.Refuse(), 150);
  }

  @Test
  void aRegionThatFallsSilentIsBlamedAndLeftAtOnce() {
    assertLeft(new FaultKind.BlackHole(), 400);
  }

  private static void assertLeft(FaultKind kind, double millis) {
    Summary summary =
        Simulator.playAll(
            brief(StandardWorld.stricken("x", kind)),
            FairleadGateway.factory(),
            SEEDS,
            Runnable::run);
    for (Result result : summary.results()) {
      String seed = "seed " + result.run().seed();
      assertEquals(1, result.get(Metric.BLAMED_RIGHT), seed);
      assertTrue(result.get(Metric.DETECT_MILLIS) < millis, seed);
      assertTrue(result.get(Metric.SHARE_GONE_MILLIS) < millis, seed);
      assertTrue(result.get(Metric.GOODPUT) > 0.995, seed);
    }
  }

  @Test
  void nobodyIsBetterThanTheOracle() {
    Scenario scenario = brief(StandardWorld.stricken("x", new FaultKind.BlackHole()));
    for (long seed : SEEDS) {
      Result oracle = Simulator.play(scenario, Oracle.factory(), seed);
      Result own = Simulator.play(scenario, FairleadGateway.factory(), seed);
      assertEquals(0, oracle.get(Metric.CALLS_LOST), "seed " + seed);
      assertEquals(oracle.get(Metric.CALLS), own.get(Metric.CALLS), "seed " + seed);
      assertTrue(own.regretMillis(oracle) > 0, "seed " + seed);
      for (Quantile q : List.of(Quantile.P50, Quantile.P99)) {
        assertTrue(light(own, q) >= 0.95 * light(oracle, q), "seed " + seed + " " + q);
      }
    }
  }

  private static double light(Result result, Quantile q) {
    return result.latencies().millis(MethodClass.LIGHT, Window.WHOLE, q);
  }

  @Test
  void playsOnManyThreadsAreThoseOnOne() {
    Scenario scenario = brief(StandardWorld.stricken("x", new FaultKind.Refuse()));
    ExecutorService threads = Executors.newFixedThreadPool(2, Executors.defaultThreadFactory());
    Summary together = Simulator.playAll(scenario, FairleadGateway.factory(), SEEDS, threads);
    threads.shutdown();
    for (int i = 0; i < SEEDS.size(); i++) {
      Result alone = Simulator.play(scenario, FairleadGateway.factory(), SEEDS.get(i));
      assertEquals(alone.figures(), together.results().get(i).figures());
      assertEquals(alone.incidents(), together.results().get(i).incidents());
    }
    assertEquals(250, together.results().get(0).timeline().size());
    assertEquals(0, together.results().get(1).timeline().size());
  }
}
