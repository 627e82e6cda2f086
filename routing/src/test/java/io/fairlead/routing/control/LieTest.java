package io.fairlead.routing.control;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of an upstream whose answers others disprove. */
class LieTest {
  private static final String EVIDENCE = "said 0x1 where b and c said 0x2";

  private final List<RoutingEvent> events = new ArrayList<>();
  private final AtomicInteger slots = new AtomicInteger();
  private long now;
  private final ChainRouter router =
      new ChainRouter(
          new ChainIdentity("ethereum", slots::getAndIncrement),
          RoutingPolicy.DEFAULT,
          () -> now,
          new SplittableRandom(1),
          events::add);

  private void start(int upstreams) {
    router.setUpstreams(Upstreams.grid(upstreams, 1), RoutingPolicy.DEFAULT);
    router.upstreams().forEach(u -> router.onIdentity(u.id(), Identity.VERIFIED));
    router.tick();
    events.clear();
  }

  private Upstream upstream(int i) {
    return router.upstreams().get(i);
  }

  private double secondsOut() {
    long from = now;
    while (router.tick().share(upstream(0), LIGHT) == 0) {
      now += SECOND / 10;
    }
    return (now - from) / 1e9;
  }

  @Test
  void aLiarIsOutWithTheEvidenceAndGoodProbesDoNotHelpIt() {
    start(3);
    router.onLie("c0-0", EVIDENCE);
    RoutingTable table = router.tick();
    assertEquals(0, table.share(upstream(0), LIGHT));
    assertEquals(Health.EJECTED, table.status(upstream(0)).health());
    assertFalse(table.isPanic());
    assertEquals(Kind.LIED, events.get(0).kind());
    assertEquals("c0-0", events.get(0).subject());
    assertTrue(events.get(0).reason().startsWith(EVIDENCE), events.get(0).reason());
    assertTrue(events.get(0).shareBefore() > 0 && events.get(0).shareAfter() == 0);
    for (int i = 0; i < 30; i++) {
      now += SECOND;
      router.onProbe("c0-0", AttemptResult.SUCCESS, SECOND / 1000);
      assertEquals(0, router.tick().share(upstream(0), LIGHT));
    }
  }

  @Test
  void eachLieCostsLongerAndTheWayBackBeginsWithACanary() {
    start(3);
    double before = 0;
    for (int i = 0; i < 3; i++) {
      router.onLie("c0-0", EVIDENCE);
      double out = secondsOut();
      assertTrue(out > 2 * before && out > 40, out + " s after " + before + " s");
      before = out;
      assertTrue(router.table().share(upstream(0), LIGHT) < 0.02);
      assertEquals(Kind.CANARY, events.get(events.size() - 1).kind());
      for (int k = 0; k < 300; k++) {
        now += SECOND / 5;
        router.tick();
      }
      assertEquals(1.0 / 3, router.table().share(upstream(0), LIGHT), 0.02);
    }
  }

  @Test
  void whatElseALiarSaidWhileItIsOutIsNoNews() {
    start(3);
    router.onLie("c0-0", EVIDENCE);
    router.onLie("c0-0", EVIDENCE);
    router.onLie("nobody", EVIDENCE);
    router.tick();
    assertEquals(1, events.size(), events::toString);
  }

  @Test
  void whenAllTheOthersAreOutALiarServesInPanicAndLeast() {
    start(2);
    router.onLie("c0-0", EVIDENCE);
    router.tick();
    assertEquals(1, router.table().share(upstream(1), LIGHT), 1e-9);
    router.onLie("c1-0", EVIDENCE);
    RoutingTable table = router.tick();
    assertTrue(table.isPanic());
    assertTrue(table.isUsable());
    assertEquals(0.5, table.share(upstream(0), LIGHT), 1e-9);
  }
}
