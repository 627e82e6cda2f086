package io.fairlead.routing.control;

import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {
  private static final RoutingPolicy WEIGHTS = new RoutingPolicy(0, 3, Map.of(), 0.95, 10 * SECOND);

  private static World world(long seed, int clouds, int perCloud) {
    return new World(seed, Upstreams.grid(clouds, perCloud), WEIGHTS);
  }

  /** Milliseconds from a change of behaviour until the cloud c0 is out, sorted, over many seeds. */
  private static double[] detection(World.Behaviour behaviour, int seeds) {
    double[] millis = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      World world = world(seed, 4, 5).load(400).run(3 * SECOND);
      long start = world.now;
      world.set("c0", behaviour).run(4 * SECOND);
      long at = world.timeOf(Kind.DOMAIN_EJECTED, "region:c0/one");
      assertNotEquals(-1, at, "never detected, seed " + seed + ": " + world.events);
      assertEquals(1, world.count(Kind.DOMAIN_EJECTED), "seed " + seed + ": " + world.events);
      millis[seed] = (at - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }

  private static double at(double[] sorted, double q) {
    return sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
  }

  @Test
  void aHardFailureOfFiveMembersAtAHundredASecondIsFoundInTheDesignedTime() {
    double[] millis = detection(World.refusing(), 80);
    String all = "median " + at(millis, 0.5) + " ms, p99 " + at(millis, 0.99) + " ms";
    assertTrue(at(millis, 0.5) < 75, all);
    assertTrue(at(millis, 0.99) < 180, all);
  }

  @Test
  void halfFailingIsFoundInTheDesignedTime() {
    double[] millis = detection(World.failing(0.5, 5), 40);
    String all = "median " + at(millis, 0.5) + " ms, p99 " + at(millis, 0.99) + " ms";
    assertTrue(at(millis, 0.5) < 170, all);
    assertTrue(at(millis, 0.99) < 450, all);
  }

  @Test
  void aFifthFailingIsFoundInTheDesignedTime() {
    double[] millis = detection(World.failing(0.2, 5), 40);
    String all = "median " + at(millis, 0.5) + " ms, p99 " + at(millis, 0.99) + " ms";
    assertTrue(at(millis, 0.5) < 600, all);
    assertTrue(at(millis, 0.99) < 1800, all);
  }

  @Test
  void aTenthFailingIsFoundWithinTwoSeconds() {
    double[] millis = detection(World.failing(0.1, 5), 40);
    String all = "median " + at(millis, 0.5) + " ms, p99 " + at(millis, 0.99) + " ms";
    assertTrue(at(millis, 0.5) < 1400, all);
    assertTrue(at(millis, 0.9) < 2800, all);
  }

  @Test
  void aSilentRegionIsConvictedBeforeAnyTimeout() {
    double[] millis = detection(World.silent(), 40);
    String all = "median " + at(millis, 0.5) + " ms, p99 " + at(millis, 0.99) + " ms";
    assertTrue(at(millis, 0.5) < 150, all);
    assertTrue(at(millis, 0.99) < 300, all);
  }

  @Test
  void aSilentRegionIsFoundRightAfterTheStartToo() {
    World world = world(1, 4, 5).set("c0", World.silent()).load(400).run(SECOND);
    assertNotEquals(-1, world.timeOf(Kind.DOMAIN_EJECTED, "region:c0/one"));
    assertEquals(0, world.shareOf("c0"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneDeadMemberNeverConvictsItsDomain(long seed) {
    World world = world(seed, 3, 5).load(1000).run(5 * SECOND);
    world.set("c0-0", World.refusing()).run(30 * SECOND);
    assertNotEquals(-1, world.timeOf(Kind.EJECTED, "c0-0"));
    assertEquals(0, world.count(Kind.DOMAIN_EJECTED));
    assertTrue(world.shareOf("c0") > 0.2);
  }

  /**
   * Four in ten calls fail at everybody's, taken for failures though clients are to blame. The
   * first six may all fall on one domain, yet nobody else is well then.
   */
  @Test
  void rubbishFromClientsTripsNothing() {
    for (int seed = 1; seed <= 20; seed++) {
      World world = world(seed, 5, 5).load(1500).run(3 * SECOND);
      world.router.upstreams().forEach(u -> world.set(u.id(), World.failing(0.4, 5)));
      world.run(5 * SECOND);
      assertEquals(List.of(), world.events, "seed " + seed);
    }
  }

  @Test
  void clientErrorsAreSuccesses() {
    World world = world(1, 2, 2).load(200);
    world.set("c0", (now, random) -> new World.Answer(AttemptResult.CLIENT_ERROR, MILLI));
    world.run(20 * SECOND);
    assertEquals(0, world.events.size(), () -> "" + world.events);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void healthIsNeverDoubtedInAQuietWorld(long seed) {
    World world = world(seed, 5, 6).load(1500).run(40 * SECOND);
    assertEquals(0, world.events.size(), () -> "" + world.events);
    assertEquals(0, world.failed);
  }

  @Test
  void aVendorAcrossCloudsIsBlamedAndNotTheClouds() {
    World world = new World(7, Vendors.specs(), WEIGHTS).load(900).run(5 * SECOND);
    world.set("v1", World.refusing()).run(2 * SECOND);
    assertNotEquals(-1, world.timeOf(Kind.DOMAIN_EJECTED, "vendor:v1"), () -> "" + world.events);
    assertEquals(1, world.count(Kind.DOMAIN_EJECTED), () -> "" + world.events);
  }

  @Test
  void twoOfThreeCloudsThatFailAtOnceAreBothFound() {
    World world = world(3, 3, 4).load(600).run(5 * SECOND);
    world.set("c0", World.refusing()).set("c1", World.silent()).run(SECOND);
    assertEquals(0, world.shareOf("c0") + world.shareOf("c1"), () -> "" + world.events);
    assertEquals(1, world.shareOf("c2"), 1e-9);
  }

  @Test
  void aPauseOfTheGatewayItselfDrainsNobodyForLong() {
    World world = world(5, 4, 5).load(2000).run(5 * SECOND);
    // Everything in flight turns silent at once, everywhere, and is answered 150 ms later.
    for (String cloud : new String[] {"c0", "c1", "c2", "c3"}) {
      world.set(cloud, (now, random) -> new World.Answer(AttemptResult.SUCCESS, 150 * MILLI));
    }
    world.run(60 * MILLI);
    for (String cloud : new String[] {"c0", "c1", "c2", "c3"}) {
      world.set(cloud, World.healthy(5));
    }
    world.run(SECOND);
    assertEquals(0, world.count(Kind.DOMAIN_EJECTED), () -> "" + world.events);
    for (Upstream u : world.router.upstreams()) {
      assertTrue(world.router.table().isServing(u), () -> u + ": " + world.events);
    }
  }

  @Test
  void aPauseOfOneUpstreamDrainsNobody() {
    World world = world(6, 4, 1).load(3000).run(5 * SECOND);
    world.set("c0-0", (now, random) -> new World.Answer(AttemptResult.SUCCESS, 200 * MILLI));
    world.run(200 * MILLI);
    world.set("c0-0", World.healthy(5)).run(SECOND);
    assertEquals(0, world.count(Kind.EJECTED) + world.count(Kind.DOMAIN_EJECTED));
    assertEquals(0.25, world.share("c0-0"), 1e-9);
  }

  /** Each gets 50 calls a second and does 25: overdue calls pile up, and answers go on coming. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aRegionThatQueuesIsNotTakenForSilent(long seed) {
    World world = world(seed, 4, 5).load(1000).run(6 * SECOND);
    for (int i = 0; i < 5; i++) {
      world.set("c0-" + i, World.queueing(40));
    }
    world.run(2 * SECOND);
    assertEquals(0, world.count(Kind.DOMAIN_EJECTED), () -> "" + world.events);
    assertEquals(0, world.count(Kind.EJECTED), () -> "" + world.events);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aRegionThatSwallowsSomeAndAnswersTheOthersAtOnceIsConvicted(long seed) {
    World world = world(seed, 4, 5).load(1000).run(6 * SECOND);
    world.set("c0", World.swallowing(0.5)).run(SECOND);
    assertNotEquals(-1, world.timeOf(Kind.DOMAIN_EJECTED, "region:c0/one"));
  }

  @Test
  void aMuteUpstreamIsOutWithinASecond() {
    World world = world(6, 4, 5).load(1000).run(6 * SECOND);
    world.set("c0-0", World.silent()).run(SECOND);
    assertNotEquals(-1, world.timeOf(Kind.EJECTED, "c0-0"), () -> "" + world.events);
    assertEquals(1, world.events.size(), () -> "" + world.events);
  }

  @Test
  void aPauseOfARegionEndsWithItsAnswersAndNotWithTheHold() {
    World world = world(6, 4, 5).load(3000).run(6 * SECOND);
    world.set("c0", (now, random) -> new World.Answer(AttemptResult.SUCCESS, 200 * MILLI));
    world.run(150 * MILLI);
    assertEquals(0, world.shareOf("c0"), () -> "" + world.events);
    world.set("c0", World.healthy(5)).run(400 * MILLI);
    assertTrue(world.shareOf("c0") > 0.05, () -> "" + world.events);
  }

  /** It is taken for silent first, then for slow, and not for silent over and over. */
  @Test
  void aRegionThatAnswersLateGetsATrickleAndIsNotEjectedOverAndOver() {
    RoutingPolicy near = new RoutingPolicy(2, 3, Map.of(), 0.95, 10 * SECOND);
    World world = new World(1, Upstreams.grid(3, 3), near);
    world.at("c0", 3).at("c1", 25).at("c2", 90).load(600).run(10 * SECOND);
    world.set("c0", (now, r) -> new World.Answer(AttemptResult.SUCCESS, 400 * MILLI));
    world.run(SECOND);
    assertTrue(world.shareOf("c0") < 0.02, "share " + world.shareOf("c0"));
    world.run(10 * SECOND);
    assertTrue(world.shareOf("c0") < 0.02, "share " + world.shareOf("c0"));
    assertTrue(world.count(Kind.DOMAIN_EJECTED) <= 3, () -> "" + world.events);
    assertTrue(world.count(Kind.SLOWED) >= 1, () -> "" + world.events);
  }

  @Test
  void aHotUpstreamIsSparedBeforeItIsSuspect() {
    World world = world(6, 4, 5).load(3000).run(5 * SECOND);
    world.set("c0-0", (now, random) -> new World.Answer(AttemptResult.SUCCESS, 200 * MILLI));
    world.picks.clear();
    world.run(100 * MILLI);
    assertTrue(world.picks("c0-0") <= 7, () -> "" + world.picks);
    assertTrue(world.picks("c0-1") >= 8, () -> "" + world.picks);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void threeOfFiveRegionsLostLoseNoCallAndNobodyElse(long seed) {
    RoutingPolicy near = new RoutingPolicy(2, 3, Map.of(), 0.95, 10 * SECOND);
    World world = new World(seed, Upstreams.grid(5, 6), near);
    world.at("c0", 3).at("c1", 15).at("c2", 35).at("c3", 80).at("c4", 150);
    world.attempts = 3;
    world.load(600).run(8 * SECOND);
    world.set("c0", World.silent()).set("c1", World.silent()).set("c2", World.refusing());
    world.run(3 * SECOND);
    assertEquals(0, world.failed, () -> "" + world.events);
    long out = world.count(Kind.DOMAIN_EJECTED) + world.count(Kind.EJECTED);
    assertEquals(3, out, () -> "" + world.events);
    assertEquals(1, world.shareOf("c3") + world.shareOf("c4"), 1e-9);
  }

  /** With nineteen calls of twenty in one region others have little to show for themselves. */
  @Test
  void rubbishThatFallsMostlyOnTheNearestRegionNeverTripsThatOne() {
    RoutingPolicy near = new RoutingPolicy(2, 3, Map.of(), 0.95, 10 * SECOND);
    double[] millis = {3, 15, 35, 80, 150};
    int unlucky = 0;
    for (int seed = 1; seed <= 10; seed++) {
      World world = new World(seed, Upstreams.grid(5, 6), near);
      for (int c = 0; c < millis.length; c++) {
        world.at("c" + c, millis[c]);
      }
      world.attempts = 3;
      world.load(1500).run(8 * SECOND);
      for (int c = 0; c < millis.length; c++) {
        world.set("c" + c, World.failing(0.4, millis[c]));
      }
      world.run(3 * SECOND);
      assertEquals(-1, world.timeOf(Kind.DOMAIN_EJECTED, "region:c0/one"), "seed " + seed);
      unlucky += world.count(Kind.EJECTED) + world.count(Kind.DOMAIN_EJECTED) > 0 ? 1 : 0;
    }
    assertTrue(unlucky <= 1, unlucky + " of 10 had a drain");
  }

  @Test
  void whoTakesOverIsNotHotForIt() {
    RoutingPolicy near = new RoutingPolicy(2, 3, Map.of(), 0.95, 10 * SECOND);
    World world = new World(1, Upstreams.grid(3, 3), near);
    world.at("c0", 3).at("c1", 25).at("c2", 90).load(600).run(10 * SECOND);
    assertTrue(world.shareOf("c0") > 0.9, () -> "share of the near ones " + world.shareOf("c0"));
    world.set("c0", World.silent()).run(400 * MILLI);
    assertEquals(0, world.shareOf("c0"), () -> "" + world.events);
    world.picks.clear();
    world.run(500 * MILLI);
    int far = world.picks("c2-0") + world.picks("c2-1") + world.picks("c2-2");
    assertTrue(far < 60, "of 300 calls went far: " + far);
  }

  @Test
  void aReloadKeepsTimersAndShares() {
    World world = world(1, 3, 3).load(1000).run(10 * SECOND);
    Upstream u = world.router.upstreams().get(0);
    long overdue = world.router.table().overdueAfterNanos(u, MethodClass.LIGHT);
    world.router.setUpstreams(Upstreams.grid(3, 3), WEIGHTS);
    world.router.tick();
    long after = world.router.table().overdueAfterNanos(u, MethodClass.LIGHT);
    assertTrue(Math.abs(after - overdue) < 5 * MILLI, overdue + " before, " + after + " after");
    world.run(2 * SECOND);
    assertEquals(0, world.events.size() + world.failed, () -> "" + world.events);
  }

  @Test
  void timersFollowTheClass() {
    World world = world(1, 3, 3).load(1000).run(10 * SECOND);
    Upstream u = world.router.upstreams().get(0);
    long overdue = world.router.table().overdueAfterNanos(u, MethodClass.LIGHT);
    assertTrue(overdue >= 50 * MILLI && overdue < 80 * MILLI, "overdue " + overdue);
    long hedge = world.router.table().hedgeAfterNanos(u, MethodClass.LIGHT);
    assertTrue(hedge > 6 * MILLI && hedge < 12 * MILLI, "hedge " + hedge);
    long timeout = world.router.table().attemptTimeoutNanos(u, MethodClass.LIGHT);
    assertTrue(timeout >= SECOND && timeout <= WEIGHTS.timeoutNanos(), "timeout " + timeout);
    assertEquals(Long.MAX_VALUE, world.router.table().hedgeAfterNanos(u, MethodClass.TRACE));
  }
}
