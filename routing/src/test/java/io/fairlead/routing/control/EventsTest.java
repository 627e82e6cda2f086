package io.fairlead.routing.control;

import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final RoutingPolicy NEAR = new RoutingPolicy(2, 3, Map.of(), 0.95, 10 * SECOND);
  private static final RoutingPolicy WEIGHTS = new RoutingPolicy(0, 3, Map.of(), 0.95, 10 * SECOND);

  private static World world(RoutingPolicy policy) {
    return new World(1, Upstreams.grid(3, 2), policy).load(500).run(10 * SECOND);
  }

  private static RoutingEvent last(World world, Kind kind) {
    return world.events.stream()
        .filter(e -> e.kind() == kind)
        .reduce((a, b) -> b)
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + world.events));
  }

  @Test
  void trafficThatGoesToACheaperRegionIsAnEventWithTheCostsInNumbers() {
    World world = world(NEAR);
    world.at("c0", 40).run(10 * SECOND);
    double before = world.shareOf("c0");
    world.events.clear();
    world.at("c0", 5).run(10 * SECOND);
    RoutingEvent shifted = last(world, Kind.SHIFTED);
    assertTrue(shifted.subject().endsWith("c0") || shifted.subject().contains("c0/"), "" + shifted);
    assertTrue(shifted.shareAfter() > shifted.shareBefore() + 0.05, "" + shifted);
    assertTrue(shifted.shareAfter() > before, "" + shifted);
    assertTrue(shifted.reason().contains("cost "), "" + shifted);
    assertTrue(shifted.reason().contains(" ms to "), "" + shifted);
  }

  @Test
  void calmWaterIsSilent() {
    World world = world(NEAR);
    world.events.clear();
    world.run(60 * SECOND);
    assertEquals(List.of(), world.events);
  }

  @Test
  void shiftsAreToldAtMostEveryFiveSeconds() {
    World world = world(NEAR);
    world.events.clear();
    for (int k = 0; k < 20; k++) {
      world.at("c" + k % 3, k % 2 == 0 ? 60 : 5).run(SECOND);
    }
    assertTrue(world.count(Kind.SHIFTED) >= 1, () -> "" + world.events);
    assertTrue(world.count(Kind.SHIFTED) <= 4, () -> "" + world.events);
  }

  @Test
  void aWeightChangedByAReloadIsAShift() {
    World world = world(WEIGHTS);
    world.events.clear();
    List<UpstreamSpec> specs =
        Upstreams.grid(3, 2).stream()
            .map(s -> s.id().equals("c0-0") ? Upstreams.spec("c0-0", "c0", 900, 0, 1 << 20) : s)
            .toList();
    world.router.setUpstreams(specs, WEIGHTS);
    world.run(SECOND);
    RoutingEvent shifted = last(world, Kind.SHIFTED);
    assertEquals("c0-0", shifted.subject());
    assertEquals(1.0 / 6, shifted.shareBefore(), 1e-9);
    assertEquals(900.0 / 1400, shifted.shareAfter(), 1e-9);
    assertTrue(shifted.reason().contains("weight 100 to 900 (configured)"), "" + shifted);
  }

  @Test
  void aReadmissionSaysHowFarTheRampCame() {
    World world = world(WEIGHTS);
    world.set("c0-0", World.refusing()).run(2 * SECOND);
    world.at("c0-0", 5).run(40 * SECOND);
    assertNotEquals(-1, world.timeOf(Kind.READMITTED, "c0-0"), () -> "" + world.events);
    RoutingEvent canary = last(world, Kind.CANARY);
    RoutingEvent back = last(world, Kind.READMITTED);
    assertEquals(canary.shareAfter(), back.shareBefore(), 0);
    assertTrue(back.shareBefore() < 0.01, "" + back);
    assertEquals(1.0 / 6, back.shareAfter(), 1e-9);
  }

  @Test
  void aHoldOffEndsWithAnEvent() {
    World world = world(WEIGHTS);
    world.set("c0-0", (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI)).run(300 * MILLI);
    assertNotEquals(-1, world.timeOf(Kind.HELD_OFF, "c0-0"), () -> "" + world.events);
    world.at("c0-0", 5).run(3 * SECOND);
    RoutingEvent ended = last(world, Kind.HOLD_OFF_ENDED);
    assertEquals("c0-0", ended.subject());
    assertEquals(0, ended.shareBefore(), 0);
    assertTrue(ended.shareAfter() > 0.03, "" + ended);
    assertEquals(1, world.count(Kind.HOLD_OFF_ENDED));
  }

  @Test
  void anEventDoesNotSayTwiceWhatWasDone() {
    World world = world(WEIGHTS);
    Target target = Target.parse("c0-0");
    Intent drain = new Intent(target, OptionalInt.empty(), true, "ada", "maintenance");
    Intent weight = new Intent(target, OptionalInt.of(7), false, "ada", "");
    world.router.setIntents(List.of(weight, drain));
    world.run(SECOND);
    assertEquals("maintenance", last(world, Kind.DRAINED).reason());
    assertEquals("to 7", last(world, Kind.WEIGHT).reason());
  }
}
