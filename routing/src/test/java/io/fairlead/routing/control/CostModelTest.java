package io.fairlead.routing.control;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.TRACE;
import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.RoutingTable;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Four upstreams with the same way and the same light calls; the first is slow on traces. */
class CostModelTest {
  private static final int EVERYBODY = 4;

  private final AtomicInteger slots = new AtomicInteger();
  private long now = SECOND;
  private final ChainRouter router =
      new ChainRouter(
          new ChainIdentity("test", slots::getAndIncrement),
          RoutingPolicy.DEFAULT,
          () -> now,
          new SplittableRandom(1),
          event -> {});
  private final EvidenceLane lane = router.newLane(() -> {});

  CostModelTest() {
    router.setUpstreams(Upstreams.grid(EVERYBODY, 1), RoutingPolicy.DEFAULT);
    for (int i = 0; i < EVERYBODY; i++) {
      router.onIdentity(router.upstreams().get(i).id(), Identity.VERIFIED);
      router.onRtt(router.upstreams().get(i).id(), 2 * MILLI);
    }
    router.tick();
  }

  private void answer(int upstream, MethodClass c, int times, double millis) {
    for (int k = 0; k < times; k++) {
      lane.onAttempt(
          router.upstreams().get(upstream), c, AttemptResult.SUCCESS, (long) (millis * MILLI));
    }
  }

  private RoutingTable tick() {
    now += SECOND;
    return router.tick();
  }

  private double cost(MethodClass c, int i) {
    return router.table().entries(c).get(i).costMillis();
  }

  private void answerTraces(int byTheSlowOne) {
    for (int i = 0; i < EVERYBODY; i++) {
      answer(i, LIGHT, 200, 4);
    }
    for (int i = 1; i < EVERYBODY; i++) {
      answer(i, TRACE, 50, 502);
    }
    answer(0, TRACE, byTheSlowOne, 2002);
    tick();
  }

  @Test
  void fewOfItsOwnResultsOutweighWhatOtherClassesSay() {
    answerTraces(3);
    assertTrue(cost(TRACE, 0) > 2.5 * cost(TRACE, 1), "cost " + cost(TRACE, 0));
    assertEquals(cost(LIGHT, 1), cost(LIGHT, 0), 0.2 * cost(LIGHT, 1));
  }

  @Test
  void whoStallsForATwentiethOfTheTimeIsHedgedAsIfItDidNot() {
    for (int i = 0; i < EVERYBODY; i++) {
      answer(i, LIGHT, 900, 4);
    }
    answer(0, LIGHT, 100, 500);
    RoutingTable table = tick();
    assertTrue(table.hedgeAfterNanos(table.upstream(0), LIGHT) < 20 * MILLI);
  }

  @Test
  void withoutResultsOfItsOwnAClassGoesByTheOthers() {
    answerTraces(0);
    assertEquals(cost(TRACE, 1), cost(TRACE, 0), 0.1 * cost(TRACE, 1));
  }
}
