package io.fairlead.routing.control;

import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReturnTest {
  private static final RoutingPolicy WEIGHTS = new RoutingPolicy(0, 3, Map.of(), 0.95, 10 * SECOND);

  private final Recovery recovery = new Recovery();
  private final SplittableRandom random = new SplittableRandom(1);

  private static World world(int clouds, int perCloud) {
    return new World(1, Upstreams.grid(clouds, perCloud), WEIGHTS).load(500).run(3 * SECOND);
  }

  @Test
  void theHoldDoublesWithEachRelapseAndIsForgottenHalfAMinuteAtATime() {
    long now = 0;
    long before = 0;
    for (int j = 0; j < 4; j++) {
      recovery.eject(now, random);
      assertEquals(
          3 * SECOND * Math.pow(2, j),
          (double) recovery.holdNanos(),
          0.21 * 3 * SECOND * Math.pow(2, j));
      assertTrue(recovery.holdNanos() > before);
      before = recovery.holdNanos();
      assertFalse(recovery.advance(now + recovery.holdNanos() + 2 * SECOND - 1));
      now += recovery.holdNanos() + 2 * SECOND;
      assertTrue(recovery.advance(now));
      assertEquals(Recovery.CANARY, recovery.readiness(now), 1e-9);
    }
    now += 20 * SECOND;
    assertTrue(recovery.advance(now));
    assertEquals(3, recovery.relapses());
    recovery.advance(now + 30 * SECOND - 1);
    assertEquals(3, recovery.relapses());
    recovery.advance(now + 61 * SECOND);
    assertEquals(1, recovery.relapses());
  }

  @Test
  void theRampGrowsByAQuarterEachSecond() {
    recovery.beginReturn(0, 0.02);
    assertEquals(0.025, recovery.readiness(SECOND), 1e-9);
    assertFalse(recovery.advance(17 * SECOND));
    assertTrue(recovery.advance(18 * SECOND));
    assertEquals(1, recovery.readiness(18 * SECOND));
  }

  @Test
  void aBadProbeKeepsItOutAndAGoodOneLetsItBack() {
    recovery.eject(0, random);
    long held = recovery.holdNanos();
    recovery.onProbe(false, held - SECOND);
    assertFalse(recovery.advance(held + 3 * SECOND));
    recovery.onProbe(true, held + 3 * SECOND);
    assertTrue(recovery.advance(held + 3 * SECOND));
  }

  @Test
  void whereNobodyProbesTheGateOpensByItself() {
    recovery.eject(0, random);
    recovery.onProbe(false, SECOND);
    long open = recovery.holdNanos() + 2 * SECOND;
    assertFalse(recovery.advance(open - 1));
    recovery.advance(Math.max(open, 6 * SECOND + 1));
    assertEquals(Recovery.State.RETURNING, recovery.state());
  }

  @Test
  void aHealedRegionComesBackByCanaryAndRamp() {
    World world = world(4, 5);
    world.set("c0", World.refusing()).run(SECOND);
    assertEquals(0, world.shareOf("c0"));
    world.set("c0", World.healthy(5));
    while (world.count(Kind.CANARY) == 0) {
      world.run(20 * MILLI);
    }
    assertEquals(0.02 * 0.25, world.shareOf("c0"), 1e-3);
    double last = 0;
    for (int i = 0; i < 25; i++) {
      world.run(SECOND);
      assertTrue(world.shareOf("c0") >= last, () -> "" + world.events);
      last = world.shareOf("c0");
    }
    assertEquals(0.25, last, 1e-9);
    assertEquals(1, world.count(Kind.READMITTED));
    assertEquals(1, world.count(Kind.DOMAIN_EJECTED));
  }

  @Test
  void probesSentBeforeTheCanaryAndTimedOutAfterItSendNobodyOutAgain() {
    World world = world(4, 5);
    world.set("c0", World.refusing()).run(SECOND);
    world.set("c0", World.healthy(5));
    while (world.count(Kind.CANARY) == 0) {
      world.run(20 * MILLI);
    }
    long outs = world.count(Kind.DOMAIN_EJECTED) + world.count(Kind.EJECTED);
    for (int i = 0; i < 5; i++) {
      world.router.onProbe("c0-" + i, AttemptResult.TIMED_OUT, 2 * SECOND);
    }
    world.run(SECOND);
    assertEquals(outs, world.count(Kind.DOMAIN_EJECTED) + world.count(Kind.EJECTED));
    for (int i = 0; i < 5; i++) {
      world.router.onProbe("c0-" + i, AttemptResult.TIMED_OUT, SECOND / 2);
    }
    world.run(SECOND);
    assertTrue(world.count(Kind.DOMAIN_EJECTED) + world.count(Kind.EJECTED) > outs);
  }

  @Test
  void aRelapseSendsTheDomainOutAgainForLonger() {
    World world = world(4, 5);
    world.set("c0", World.refusing()).run(40 * SECOND);
    long outs = world.count(Kind.DOMAIN_EJECTED);
    assertTrue(outs >= 2 && outs <= 5, () -> "" + world.events);
    assertTrue(world.events.stream().anyMatch(e -> e.reason().contains("relapse 1")));
    assertEquals(0, world.shareOf("c0"), 0.01);
  }

  @Test
  void canariesOfADeadRegionCostFewCalls() {
    World world = world(4, 5);
    world.set("c0", World.refusing()).run(2 * SECOND);
    world.failed = 0;
    world.run(60 * SECOND);
    assertTrue(world.failed < 60, "of 30000 calls failed: " + world.failed);
  }

  @Test
  void aFlappingRegionIsOffMoreThanOn() {
    World world = world(4, 5);
    for (int i = 0; i < 6; i++) {
      world.set("c0", World.refusing()).run(5 * SECOND);
      world.set("c0", World.healthy(5)).run(5 * SECOND);
      assertTrue(world.shareOf("c0") < 0.13, "cycle " + i);
    }
  }

  @Test
  void inPanicTheLeastSuspectServe() {
    World world = world(2, 2);
    world.set("c0", World.refusing()).run(SECOND);
    world.set("c1", World.refusing()).run(1200 * MILLI);
    assertTrue(world.router.table().isPanic(), () -> "" + world.events);
    assertTrue(world.router.table().isUsable());
    assertEquals(1, world.shareOf("c"), 1e-9);
    assertTrue(world.shareOf("c0") > 0);
    assertTrue(world.count(Kind.PANIC) >= 1);
  }

  @Test
  void whoServesWellInPanicIsBackAtOnce() {
    World world = world(2, 2);
    world.set("c0", World.refusing()).run(SECOND);
    world.set("c1", World.refusing()).run(1200 * MILLI);
    assertTrue(world.router.table().isPanic());
    world.set("c", World.healthy(5)).run(2 * SECOND);
    assertFalse(world.router.table().isPanic(), () -> "" + world.events);
    world.failed = 0;
    world.run(30 * SECOND);
    assertEquals(0, world.failed, () -> "" + world.events);
  }

  @Test
  void aLonelyUpstreamServesWhateverItDoes() {
    World world = world(1, 1);
    world.set("c0", World.refusing()).run(30 * SECOND);
    assertEquals(1, world.share("c0-0"), 1e-9);
    world.set("c0", World.healthy(5)).run(SECOND);
    world.failed = 0;
    world.run(10 * SECOND);
    assertEquals(0, world.failed);
    assertTrue(world.count(Kind.EJECTED) < 10, "no stream of events: " + world.events.size());
  }

  @Test
  void aRateLimitHoldsOffAndIsNeverIllHealth() {
    World world = world(3, 1);
    world.set("c0", (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI)).run(200 * MILLI);
    assertEquals(0, world.share("c0-0"), () -> "" + world.events);
    assertEquals(1, world.count(Kind.HELD_OFF));
    world.run(30 * SECOND);
    assertEquals(0, world.count(Kind.EJECTED) + world.count(Kind.DOMAIN_EJECTED));
    long holds = world.count(Kind.HELD_OFF);
    assertTrue(holds >= 3 && holds <= 6, "holds grow: " + holds);
  }

  @Test
  void retryAfterIsKeptToTheNanosecond() {
    HoldOff limit = HoldOff.forLimits();
    assertTrue(limit.begin(0, 7 * SECOND, random));
    assertTrue(limit.isHolding(7 * SECOND - 1));
    assertFalse(limit.isHolding(7 * SECOND));
    assertEquals(1, limit.readiness(7 * SECOND), 1e-9);
  }

  @Test
  void anotherRequestWhileHeldOffOnlyExtends() {
    HoldOff limit = HoldOff.forLimits();
    assertTrue(limit.begin(0, 2 * SECOND, random));
    assertFalse(limit.begin(SECOND, -1, random));
    assertEquals(SECOND, limit.leftNanos(SECOND));
    assertFalse(limit.begin(SECOND, 5 * SECOND, random));
    assertEquals(5 * SECOND, limit.leftNanos(SECOND));
  }

  @Test
  void twoCredentialsOfAVendorHeldOffHoldTheVendorOff() {
    World world = new World(1, Vendors.specs(), WEIGHTS).load(500).run(SECOND);
    World.Behaviour limited = (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI);
    world.set("v1-1", limited).set("v1-4", limited).run(300 * MILLI);
    assertNotEquals(-1, world.timeOf(Kind.HELD_OFF, "vendor:v1"));
    assertEquals(0, world.shareOf("v1"));
  }

  @Test
  void aVendorsHoldOffEndsWithTheLongestOfItsMembersAndItComesBackByRamp() {
    World world = new World(1, Vendors.specs(), WEIGHTS).load(500).run(SECOND);
    double whole = world.shareOf("v1");
    World.Behaviour limited = (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI);
    world.set("v1-1", limited).set("v1-4", limited).run(300 * MILLI);
    world.set("v1", World.healthy(5)).run(1500 * MILLI);
    double back = world.shareOf("v1");
    assertTrue(back > 0 && back < 0.6 * whole, "of " + whole + " came back " + back);
    world.run(10 * SECOND);
    assertEquals(whole, world.shareOf("v1"), 0.1 * whole, "but for what two quotas cut");
    assertEquals(0, world.count(Kind.EJECTED) + world.count(Kind.DOMAIN_EJECTED));
  }

  @Test
  void oneCredentialAloneNeverHoldsItsVendorOff() {
    World world = new World(1, Vendors.specs(), WEIGHTS).load(500).run(SECOND);
    world.set("v1-4", (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI)).run(10 * SECOND);
    assertNotEquals(-1, world.timeOf(Kind.HELD_OFF, "v1-4"));
    assertEquals(-1, world.timeOf(Kind.HELD_OFF, "vendor:v1"));
    assertTrue(world.share("v1-1") > 0);
  }

  @Test
  void aFast429NeverMakesAnUpstreamAttractive() {
    World world = world(3, 1);
    double before = world.share("c0-0");
    world
        .set("c0", (now, r) -> new World.Answer(AttemptResult.LIMITED, MILLI / 10))
        .run(20 * SECOND);
    assertTrue(world.share("c0-0") <= before, "share " + world.share("c0-0"));
    world.picks.clear();
    world.run(60 * SECOND);
    assertTrue(world.picks("c0-0") < 60, "429s in a minute: " + world.picks("c0-0"));
  }

  @Test
  void aRefusedAccountIsLeftAloneForLongAndTheOperatorIsTold() {
    World world = world(3, 1);
    world
        .set("c0", (now, r) -> new World.Answer(AttemptResult.ACCOUNT_REFUSED, MILLI))
        .run(15 * SECOND);
    assertEquals(1, world.count(Kind.ACCOUNT_REFUSED));
    assertEquals(0, world.share("c0-0"));
    assertTrue(world.events.get(0).reason().contains("check key and plan"));
  }
}
