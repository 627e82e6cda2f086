package io.fairlead.routing.table;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.TRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PickerTest {
  private final Picker picker = new Picker(new SplittableRandom(42));
  private final PickRequest request = new PickRequest();

  private static TableDraft draft(List<UpstreamSpec> specs) {
    return new TableDraft("test", new Topology(Upstreams.of(specs))).withBias(2);
  }

  private @Nullable Upstream first(RoutingTable table) {
    request.reset(LIGHT, false, null);
    return picker.pick(table, request);
  }

  @Test
  void firstPicksFollowTheShares() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    for (int i = 0; i < 3; i++) {
      draft.numbers(LIGHT).setCost(i, 1 + i);
    }
    RoutingTable table = draft.toTable(1);
    int[] counts = new int[3];
    int draws = 100_000;
    for (int k = 0; k < draws; k++) {
      counts[table.topology().indexOf(picked(table))]++;
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(table.share(table.upstream(i), LIGHT), counts[i] / (double) draws, 0.01);
    }
  }

  private Upstream picked(RoutingTable table) {
    Upstream upstream = first(table);
    assertNotNull(upstream);
    return upstream;
  }

  /** The far one's share is all trickle, and as large as that of the one in between. */
  @Test
  void aHedgeGoesToTheNextRegionAndRetriesAreSpreadWide() {
    assertTrue(toTheFarOne(true) < 50, "hedges of 1000 to the far one: " + toTheFarOne(true));
    assertTrue(toTheFarOne(false) > 200, "retries of 1000: " + toTheFarOne(false));
  }

  private int toTheFarOne(boolean isHedge) {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    double[] costs = {3, 16, 150};
    for (int i = 0; i < 3; i++) {
      draft.numbers(LIGHT).setCost(i, costs[i]);
    }
    RoutingTable table = draft.toTable(1);
    int far = 0;
    for (int k = 0; k < 1000; k++) {
      request.reset(LIGHT, false, null);
      request.onTried(table.upstream(0));
      request.setHedge(isHedge);
      far += picker.pick(table, request) == table.upstream(2) ? 1 : 0;
    }
    return far;
  }

  /** Some one in 27 draws only the hot one. */
  @Test
  void whoIsHotIsPassedOverForTheCheapestThatIsNot() {
    TableDraft draft = draft(Upstreams.grid(3, 1)).withBias(0);
    draft.numbers(LIGHT).setCost(0, 1);
    draft.numbers(LIGHT).setCost(1, 2);
    draft.numbers(LIGHT).setCost(2, 3);
    draft.setHotAbove(0, 0, Integer.MAX_VALUE);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.upstream(0).tryAcquire(LIGHT));
    int cheaper = 0;
    for (int k = 0; k < 1000; k++) {
      Upstream u = picked(table);
      cheaper += u == table.upstream(1) ? 1 : 0;
    }
    assertTrue(cheaper > 480, "cheaper of the cool ones: " + cheaper);
  }

  @Test
  void nobodyIsHotBelowWhatItsShareBringsItByLittlesLaw() {
    TableDraft draft = draft(Upstreams.grid(2, 1)).withBias(0);
    for (int i = 0; i < 2; i++) {
      draft.numbers(LIGHT).setCost(i, 40);
      draft.setHotAbove(i, 0, Integer.MAX_VALUE);
    }
    draft.setRate(LIGHT, 500);
    RoutingTable table = draft.toTable(1);
    assertEquals(10 + 4 + 2, table.roomOf(0), "500/s x 0.5 x 40 ms, its root, and two");
  }

  /** One call makes it hot, and one may be on its heels; a black hole is left by then. */
  @Test
  void silenceCountsLaterOnlyWhereManyMoreAreInFlightThanUsual() {
    TableDraft draft = draft(Upstreams.grid(1, 1));
    draft.setHotAbove(0, 4, Integer.MAX_VALUE);
    draft.numbers(LIGHT).setTimers(0, 50, Long.MAX_VALUE, 1000);
    RoutingTable table = draft.toTable(1);
    Upstream upstream = table.upstream(0);
    for (int k = 0; k < 6; k++) {
      assertTrue(upstream.tryAcquire(LIGHT));
    }
    assertEquals(50, table.overdueAfterNanos(upstream, LIGHT));
    for (int k = 6; k < 12; k++) {
      assertTrue(upstream.tryAcquire(LIGHT));
    }
    assertEquals(100, table.overdueAfterNanos(upstream, LIGHT));
  }

  @Test
  void whenAllAreHotTheOneWithMostRoomIsTaken() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setHotAbove(0, 0, Integer.MAX_VALUE);
    draft.setHotAbove(1, 0, Integer.MAX_VALUE);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.upstream(1).tryAcquire(LIGHT));
    for (int k = 0; k < 5; k++) {
      assertTrue(table.upstream(0).tryAcquire(LIGHT));
    }
    int roomiest = 0;
    for (int k = 0; k < 1000; k++) {
      roomiest += picked(table) == table.upstream(1) ? 1 : 0;
    }
    assertTrue(roomiest > 900, "picks of the one with most room: " + roomiest);
  }

  @Test
  void whoHasHisFillOfHeavyCallsIsHotForThemAlone() {
    TableDraft draft = draft(List.of(Upstreams.spec("a", "aws"), Upstreams.spec("b", "gcp")));
    draft.numbers(LIGHT).setCost(0, 1);
    draft.numbers(LIGHT).setCost(1, 1000);
    draft.numbers(TRACE).setCost(0, 1);
    draft.numbers(TRACE).setCost(1, 1000);
    draft.setHeavyAbove(0, 1);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.upstream(0).tryAcquire(TRACE));
    assertEquals(1000, picksOfFirst(table, TRACE), 20);
    assertTrue(table.upstream(0).tryAcquire(TRACE));
    assertTrue(picksOfFirst(table, TRACE) < 200);
    assertEquals(1000, picksOfFirst(table, LIGHT), 20);
  }

  private int picksOfFirst(RoutingTable table, MethodClass methodClass) {
    int picks = 0;
    for (int k = 0; k < 1000; k++) {
      request.reset(methodClass, false, null);
      picks += picker.pick(table, request) == table.upstream(0) ? 1 : 0;
    }
    return picks;
  }

  @Test
  void whoIsAtItsLimitIsSkippedAndWithAllFullThereIsNobody() {
    RoutingTable table =
        draft(
                List.of(
                    Upstreams.spec("a", "aws", 10_000, 0, 1), Upstreams.spec("b", "gcp", 1, 0, 1)))
            .toTable(1);
    assertTrue(table.upstream(0).tryAcquire(LIGHT));
    for (int k = 0; k < 100; k++) {
      assertSame(table.upstream(1), first(table));
    }
    assertTrue(table.upstream(1).tryAcquire(LIGHT));
    assertNull(first(table));
    table.upstream(0).release(LIGHT);
    assertSame(table.upstream(0), first(table));
  }

  @Test
  void aRetryBorrowsFromALearntPaceRatherThanFail() {
    RoutingTable table = draft(Upstreams.grid(2, 1)).toTable(1);
    Upstream paced = table.upstream(1);
    paced.grant(0, 1);
    request.reset(LIGHT, false, null);
    request.onTried(table.upstream(0));
    assertSame(paced, picker.pick(table, request));
    assertTrue(paced.tryAcquire(LIGHT));
    assertFalse(paced.tryAcquire(LIGHT), "one call in advance and no more");
  }

  @Test
  void retriesLeaveTheFailingDomain() {
    RoutingTable table = draft(Upstreams.grid(3, 3)).toTable(1);
    for (int k = 0; k < 500; k++) {
      request.reset(LIGHT, false, null);
      FailureDomain[] clouds = new FailureDomain[3];
      for (int attempt = 0; attempt < 3; attempt++) {
        Upstream u = picker.pick(table, request);
        assertNotNull(u);
        clouds[attempt] = u.spec().domains().get(1);
        request.onTried(u);
      }
      assertNotEquals(clouds[0], clouds[1]);
      assertNotEquals(clouds[0], clouds[2]);
      assertNotEquals(clouds[1], clouds[2]);
    }
  }

  @Test
  void aRetryFindsTheOnlyOtherDomainHoweverSmallItsShare() {
    TableDraft draft = draft(Upstreams.grid(2, 30));
    for (int i = 0; i < 60; i++) {
      draft.setWeight(i, i < 30 ? 10_000 : i == 59 ? 1 : 0, "test");
    }
    RoutingTable table = draft.toTable(1);
    request.reset(LIGHT, false, null);
    request.onTried(table.upstream(0));
    assertSame(table.upstream(59), picker.pick(table, request));
  }

  @Test
  void withoutAnotherDomainARetryTakesAnyUntriedOneAndThenNobody() {
    RoutingTable table = draft(Upstreams.grid(1, 2)).toTable(1);
    request.reset(LIGHT, false, null);
    Upstream one = picker.pick(table, request);
    assertNotNull(one);
    request.onTried(one);
    Upstream two = picker.pick(table, request);
    assertNotNull(two);
    assertNotEquals(one, two);
    request.onTried(two);
    assertNull(picker.pick(table, request));
  }

  @Test
  void rescuesDoNotAllFallOnOneUpstream() {
    TableDraft draft = draft(Upstreams.grid(6, 1));
    for (int i = 0; i < 6; i++) {
      draft.numbers(LIGHT).setCost(i, i == 0 ? 1 : 30);
    }
    RoutingTable table = draft.toTable(1);
    int[] counts = new int[6];
    for (int k = 0; k < 5000; k++) {
      request.reset(LIGHT, false, null);
      request.onTried(table.upstream(0));
      Upstream u = picker.pick(table, request);
      assertNotNull(u);
      counts[table.topology().indexOf(u)]++;
    }
    for (int i = 1; i < 6; i++) {
      assertEquals(1000, counts[i], 200);
    }
  }

  @Test
  void theOnlyOneThatSupportsAMethodIsFound() {
    TableDraft draft = draft(Upstreams.grid(10, 50));
    draft.setWeight(499, 1, "test");
    RoutingTable table = draft.toTable(1);
    Upstream archive = table.upstream(499);
    for (int k = 0; k < 100; k++) {
      request.reset(LIGHT, false, u -> u == archive);
      assertSame(archive, picker.pick(table, request));
    }
  }

  @Test
  void aSuspectThatSupportsAMethodServesIfNobodyElseDoes() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    draft.setReadiness(2, 0, 0.4);
    RoutingTable table = draft.toTable(1);
    Upstream out = table.upstream(2);
    request.reset(LIGHT, false, u -> u == out);
    assertSame(out, picker.pick(table, request));
    request.onTried(out);
    assertNull(picker.pick(table, request));
    for (int k = 0; k < 1000; k++) {
      assertNotEquals(out, first(table));
    }
  }

  @Test
  void whoMustNotServeIsNeverPickedNotEvenAsTheLastResort() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setReadiness(0, 0, 0);
    RoutingTable table = draft.toTable(1);
    Upstream wrongChain = table.upstream(0);
    request.reset(LIGHT, false, u -> u == wrongChain);
    assertNull(picker.pick(table, request));
    assertFalse(table.isServing(wrongChain));
  }

  @Test
  void aHeadSensitiveCallNeverGoesToOneThatLags() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setHeadReady(0, false);
    RoutingTable table = draft.toTable(1);
    for (int k = 0; k < 100; k++) {
      request.reset(LIGHT, true, null);
      assertSame(table.upstream(1), picker.pick(table, request));
    }
    request.onTried(table.upstream(1));
    assertNull(picker.pick(table, request));
  }

  @Test
  void aRequestForgetsItsPastOnReset() {
    RoutingTable table = draft(Upstreams.grid(1, 1)).toTable(1);
    Upstream only = table.upstream(0);
    request.reset(LIGHT, false, null);
    Collections.nCopies(9, only).forEach(request::onTried);
    assertEquals(9, request.tried());
    assertTrue(request.isTried(only));
    request.reset(LIGHT, false, null);
    assertEquals(0, request.tried());
    assertSame(only, picker.pick(table, request));
  }
}
