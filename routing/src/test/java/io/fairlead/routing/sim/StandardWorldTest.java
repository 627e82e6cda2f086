package io.fairlead.routing.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.StandardWorld;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StandardWorldTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theWorldIsTheOneThatTheScenariosAreJudgedIn() {
    World world = StandardWorld.world();
    assertEquals(30, world.upstreams().size());
    assertEquals(
        Map.of(2.0, 6L, 15.0, 6L, 35.0, 6L, 80.0, 6L, 150.0, 6L),
        world.upstreams().stream()
            .collect(Collectors.groupingBy(u -> u.path().rttMillis(), Collectors.counting())));
    assertEquals(10, world.upstreams().stream().filter(u -> u.server().heavyFactor() == 4).count());
    assertTrue(world.upstreams().stream().allMatch(u -> u.server().slots() == 12));
    assertEquals(6, Targets.of(world, StandardWorld.NEAREST).upstreamIds().size());
    assertEquals(12, Targets.of(world, StandardWorld.CLOUD).upstreamIds().size());
    assertEquals(10, Targets.of(world, StandardWorld.VENDOR).upstreamIds().size());
    assertEquals(0.6, speed(world, Math::min), 1e-9);
    assertEquals(1.8, speed(world, Math::max), 1e-9);
    assertEquals(4, kinds(world, FailureDomain.CLOUD));
    assertEquals(5, kinds(world, FailureDomain.REGION));
    assertEquals(3, kinds(world, FailureDomain.VENDOR));
  }

  private static double speed(World world, java.util.function.DoubleBinaryOperator pick) {
    return world.upstreams().stream()
        .mapToDouble(u -> u.server().speed())
        .reduce(pick)
        .orElseThrow();
  }

  private static long kinds(World world, String kind) {
    return world.upstreams().stream()
        .map(SimUpstream::spec)
        .flatMap(spec -> spec.domains().stream())
        .filter(domain -> domain.kind().equals(kind))
        .distinct()
        .count();
  }

  @Test
  void theRateIsLinearBetweenItsPoints() {
    Load load =
        StandardWorld.load(1)
            .withRate(new RatePoint(10 * SECOND, 100), new RatePoint(20 * SECOND, 300));
    assertEquals(100, load.perSecond(0));
    assertEquals(100, load.perSecond(10 * SECOND));
    assertEquals(200, load.perSecond(15 * SECOND));
    assertEquals(300, load.perSecond(20 * SECOND));
    assertEquals(300, load.perSecond(99 * SECOND));
  }

  @Test
  void whatCannotBePlayedIsRefusedWithTheRule() {
    assertRefused("faults.targets", () -> stricken(Targets.of("nobody"), 0, 1));
    assertRefused("until", () -> stricken(Targets.of("r0-0"), 2, 2));
    assertRefused("faults.from", () -> stricken(Targets.of("r0-0"), 60, 61));
    assertRefused("targets", () -> Targets.of());
    assertRefused("invalidShare", () -> StandardWorld.load(1).withInvalidShare(1.5));
    assertRefused(
        "classes.share", () -> new Load(rate(), StandardWorld.load(1).classes().subList(1, 3), 0));
    assertRefused(
        "rate.at", () -> StandardWorld.load(1).withRate(new RatePoint(9, 1), new RatePoint(8, 1)));
    assertRefused("share", () -> new FaultKind.Errors(1.01, 0));
    assertRefused("every", () -> new FaultKind.Stall(5, 5));
    assertRefused("share", () -> new FaultKind.Steal(1));
    assertRefused("factor", () -> new FaultKind.Slow(0));
    assertRefused("blocks", () -> new FaultKind.Lag(0));
    assertRefused("perSecond", () -> new FaultKind.Limit(0));
  }

  private static List<RatePoint> rate() {
    return List.of(new RatePoint(0, 1));
  }

  private static Scenario stricken(Targets targets, long from, long until) {
    return StandardWorld.calm("x")
        .withFaults(new Fault(new FaultKind.Refuse(), targets, from * SECOND, until * SECOND));
  }

  private static void assertRefused(String field, org.junit.jupiter.api.function.Executable make) {
    String message = assertThrows(IllegalArgumentException.class, make).getMessage();
    assertTrue(
        message != null && message.startsWith(field + ": ") && message.contains("(expected: "),
        message);
  }
}
