package io.fairlead.routing.control;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.TRACE;
import static io.fairlead.routing.control.Mill.MILLI;
import static io.fairlead.routing.control.Mill.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Mill.Spread;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlownessTest {
  private static RoutingEvent first(Mill mill, Kind kind) {
    return mill.events.stream()
        .filter(e -> e.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + mill.events));
  }

  @ParameterizedTest(name = "{0} times as slow")
  @ValueSource(doubles = {3, 8})
  void heavyCallsLeaveARegionThatBecameSlowWithinASecond(double slowdown) {
    Mill mill = new Mill(1, Spread.NEAR, 1500).failing(0.001).run(20 * SECOND);
    double before = mill.shareOf(0, TRACE);
    mill.region(0, 0.001, slowdown).run(SECOND);
    RoutingEvent slowed = first(mill, Kind.SLOWED);
    assertEquals("region:c0/r0", slowed.subject(), () -> "" + mill.events);
    assertTrue(mill.shareOf(0, TRACE) < 0.45 * before, "" + before + " to " + mill.events);
    assertEquals(0, mill.drains(), "a slow answer is an answer");
  }

  @Test
  void theEventSaysTheEvidenceInNumbers() {
    Mill mill = new Mill(2, Spread.NEAR, 1500).run(20 * SECOND);
    mill.region(0, 0, 8).run(300 * MILLI);
    String reason = first(mill, Kind.SLOWED).reason();
    assertTrue(
        reason.matches(
            "\\d+ of \\d+ results slow within \\d+ ms at \\d of 6 members, score [\\d.]+ of 18,"
                + " [\\d.]+ % elsewhere; it now counts as [\\d.]+ times as slow as before"),
        reason);
  }

  @ParameterizedTest(name = "spread {0}")
  @EnumSource(Spread.class)
  void slownessEverywhereConvictsNobody(Spread spread) {
    Mill mill = new Mill(3, spread, 1500).run(20 * SECOND);
    for (int region = 0; region < 5; region++) {
      mill.region(region, 0, 2.5);
    }
    mill.run(2 * SECOND);
    assertTrue(mill.count(Kind.SLOWED) <= 1, () -> "" + mill.events);
    assertEquals(0, mill.drains());
  }

  @Test
  void aFarRegionAndAMachineThatAlwaysWasSlowAreLeftToTheirCost() {
    Mill mill = new Mill(4, Spread.NEAR, 1500);
    mill.slowdown[1] = 3;
    mill.slowdown[8] = 2;
    mill.run(10 * SECOND);
    mill.events.clear();
    mill.run(60 * SECOND);
    assertEquals(0, mill.count(Kind.SLOWED), () -> "" + mill.events);
    assertEquals(0, mill.drains());
  }

  @Test
  void aRegionThatIsFastAgainGetsItsCallsBackWithinSeconds() {
    Mill mill = new Mill(5, Spread.NEAR, 1500).run(20 * SECOND);
    double before = mill.shareOf(0, LIGHT);
    mill.region(0, 0, 8).run(5 * SECOND);
    assertTrue(mill.shareOf(0, LIGHT) < 0.9 * before, "" + mill.events);
    mill.region(0, 0, 1).run(10 * SECOND);
    assertTrue(mill.shareOf(0, LIGHT) > 0.95 * before, "" + mill.shareOf(0, LIGHT));
  }

  @Test
  void heavyCallsThatFailTakeHeavyCallsAwayAndNoOthers() {
    Mill mill = new Mill(6, Spread.EVEN, 1500).run(10 * SECOND);
    Upstream u = mill.router.upstreams().get(7);
    double before = mill.router.table().share(u, LIGHT);
    for (int k = 0; k < 40; k++) {
      mill.tell(u, TRACE, AttemptResult.FAILED);
      mill.run(30 * MILLI);
    }
    assertEquals(0, mill.router.table().share(u, TRACE), () -> "" + mill.events);
    assertTrue(mill.router.table().isEjected(u, TRACE));
    assertFalse(mill.router.table().isEjected(u));
    assertEquals(before, mill.router.table().share(u, LIGHT), 0.5 * before);
    assertTrue(first(mill, Kind.EJECTED).reason().contains("attempts of heavy calls failed"));
    mill.run(30 * SECOND);
    assertTrue(mill.router.table().share(u, TRACE) > 0, "it comes back");
  }
}
