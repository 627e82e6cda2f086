package io.fairlead.routing.control;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.LOGS;
import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainRouterTest {
  private final List<RoutingEvent> events = new ArrayList<>();
  private final AtomicInteger slots = new AtomicInteger();
  private long now = -5 * SECOND;
  private final ChainRouter router =
      new ChainRouter(
          new ChainIdentity("ethereum", slots::getAndIncrement),
          RoutingPolicy.DEFAULT,
          () -> now,
          new SplittableRandom(1),
          events::add);

  private RoutingTable start(List<UpstreamSpec> specs) {
    router.setUpstreams(specs, RoutingPolicy.DEFAULT);
    specs.forEach(s -> router.onIdentity(s.id(), Identity.VERIFIED));
    return router.tick();
  }

  private Upstream upstream(int i) {
    return router.upstreams().get(i);
  }

  private double share(int i) {
    return router.table().share(upstream(i), LIGHT);
  }

  private static Intent drain(String target) {
    return new Intent(Target.parse(target), OptionalInt.empty(), true, "ada", "maintenance");
  }

  private static Intent weight(String target, int weight) {
    return new Intent(Target.parse(target), OptionalInt.of(weight), false, "ada", "");
  }

  @Test
  void onlyVerifiedUpstreamsServe() {
    router.setUpstreams(Upstreams.grid(4, 1), RoutingPolicy.DEFAULT);
    assertFalse(router.tick().isUsable());
    router.onIdentity("c0-0", Identity.VERIFIED);
    router.onIdentity("c1-0", Identity.WRONG_CHAIN);
    router.onIdentity("c2-0", Identity.SYNCING);
    RoutingTable table = router.tick();
    assertTrue(table.isUsable());
    assertFalse(table.isPanic());
    assertEquals(1, share(0), 1e-12);
    assertEquals(Freshness.WRONG_CHAIN, table.status(upstream(1)).freshness());
    assertEquals(Freshness.SYNCING, table.status(upstream(2)).freshness());
    assertEquals(
        List.of(Kind.WRONG_CHAIN, Kind.SYNCING), events.stream().map(RoutingEvent::kind).toList());
  }

  @Test
  void evenInPanicNobodyUnverifiedOrDrainedServes() {
    start(Upstreams.grid(3, 1));
    router.onIdentity("c1-0", Identity.WRONG_CHAIN);
    router.setIntents(List.of(drain("c2-0")));
    EvidenceLane lane = router.newLane(() -> {});
    for (int k = 0; k < 10; k++) {
      lane.onAttempt(upstream(0), LIGHT, AttemptResult.FAILED, MILLI);
    }
    router.tick();
    now += SECOND - 1;
    assertFalse(router.tick().isPanic(), "nobody else is well: a hearing takes a second");
    now += 1;
    RoutingTable table = router.tick();
    assertTrue(table.isPanic(), () -> "" + events);
    assertEquals(1, share(0), 1e-12);
    assertEquals(Health.EJECTED, table.status(upstream(0)).health());
  }

  /** So that where calls are rare a probe or two can settle it. */
  @Test
  void oneFailureMakesNobodySuspectAndTwoAtNeighboursMakeBoth() {
    start(Upstreams.grid(2, 3));
    EvidenceLane lane = router.newLane(() -> {});
    lane.onAttempt(upstream(0), LIGHT, AttemptResult.FAILED, MILLI);
    now += 250 * MILLI;
    assertEquals(Health.HEALTHY, router.tick().status(upstream(0)).health());
    lane.onAttempt(upstream(4), LIGHT, AttemptResult.FAILED, MILLI);
    now += 250 * MILLI;
    assertEquals(Health.HEALTHY, router.tick().status(upstream(0)).health(), "not a neighbour");
    lane.onAttempt(upstream(1), LIGHT, AttemptResult.FAILED, MILLI);
    now += 250 * MILLI;
    RoutingTable table = router.tick();
    assertEquals(Health.SUSPECT, table.status(upstream(0)).health());
    assertEquals(Health.SUSPECT, table.status(upstream(1)).health());
    assertEquals(Health.HEALTHY, table.status(upstream(2)).health(), "nothing speaks against it");
  }

  @Test
  void aTableIsMadeOnlyWhenSomethingChanged() {
    start(Upstreams.grid(3, 1));
    for (int k = 0; k < 100; k++) {
      now += 20 * MILLI;
      router.tick();
    }
    long version = router.table().version();
    assertTrue(version <= 2, "habits in flight are known after a second");
    for (int k = 0; k < 100; k++) {
      now += 20 * MILLI;
      assertEquals(version, router.tick().version());
    }
    router.setIntents(List.of(weight("c0-0", 7)));
    RoutingTable next = router.tick();
    assertEquals(version + 1, next.version());
    assertSame(next, router.table());
  }

  @Test
  void anOperatorDrainsAndRestoresADomain() {
    start(Upstreams.grid(2, 2));
    router.setIntents(List.of(drain("cloud:c0")));
    RoutingTable table = router.tick();
    assertEquals(0, share(0) + share(1));
    assertEquals(Administrative.DRAINING, table.status(upstream(0)).administrative());
    assertEquals("drained by ada: maintenance", table.status(upstream(0)).reason());
    assertFalse(table.isServing(upstream(0)));
    router.setIntents(List.of(), "bob", "done");
    router.tick();
    assertEquals(0.5, share(0) + share(1), 1e-12);
    assertEquals(2, events.size());
    RoutingEvent drained = events.get(0);
    assertEquals(Kind.DRAINED, drained.kind());
    assertEquals("cloud:c0", drained.subject());
    assertEquals("ada", drained.author());
    assertEquals(0.5, drained.shareBefore(), 1e-12);
    assertEquals(0, drained.shareAfter(), 1e-12);
    assertEquals(Kind.RESTORED, events.get(1).kind());
    assertEquals("bob", events.get(1).author());
  }

  @Test
  void anOperatorsWeightReplacesTheConfiguredOne() {
    start(Upstreams.grid(2, 1));
    router.setIntents(List.of(weight("c0-0", 300)));
    router.tick();
    assertEquals(0.75, share(0), 1e-12);
    router.setIntents(List.of(weight("c0-0", 0)));
    RoutingTable table = router.tick();
    assertEquals(0, share(0));
    assertEquals(Administrative.DISABLED, table.status(upstream(0)).administrative());
    assertEquals(2, events.size());
  }

  @Test
  void anIntentForAnotherChainChangesNothing() {
    start(Upstreams.grid(2, 1));
    Target elsewhere = Target.parse("cloud:c0").withChain("polygon");
    router.setIntents(List.of(new Intent(elsewhere, OptionalInt.empty(), true, "ada", "")));
    router.tick();
    assertEquals(0.5, share(0), 1e-12);
    assertEquals(List.of(), events);
  }

  @Test
  void whoLagsServesNoHeadSensitiveCallUntilItCaughtUp() {
    start(Upstreams.grid(2, 1));
    router.setChainHead(100);
    router.onHead("c0-0", 97);
    router.onHead("c1-0", 100);
    RoutingTable table = router.tick();
    assertEquals(0.5, table.share(upstream(0), LIGHT, true), 1e-12);
    assertEquals(OptionalLong.of(100), table.headBlocks());
    router.setChainHead(101);
    table = router.tick();
    assertEquals(0, table.share(upstream(0), LIGHT, true));
    assertEquals(0.5, table.share(upstream(0), LIGHT, false), 1e-12);
    assertEquals(Freshness.LAGGING, table.status(upstream(0)).freshness());
    router.onHead("c0-0", 98);
    assertEquals(0, router.tick().share(upstream(0), LIGHT, true));
    router.onHead("c0-0", 99);
    assertEquals(0.5, router.tick().share(upstream(0), LIGHT, true), 1e-12);
    assertEquals(
        List.of(Kind.LAGGING, Kind.CAUGHT_UP), events.stream().map(RoutingEvent::kind).toList());
  }

  @Test
  void beforeAnyHeadIsKnownEverybodyServes() {
    RoutingTable table = start(Upstreams.grid(2, 1));
    assertEquals(0.5, table.share(upstream(0), LIGHT, true), 1e-12);
    router.setChainHead(100);
    router.onHead("c1-0", 100);
    table = router.tick();
    assertEquals(0, table.share(upstream(0), LIGHT, true));
    assertEquals(Freshness.UNKNOWN, table.status(upstream(0)).freshness());
  }

  @Test
  void aReloadKeepsWhoDidNotChange() {
    start(Upstreams.grid(3, 1));
    Upstream kept = upstream(0);
    Upstream changed = upstream(1);
    List<UpstreamSpec> next =
        List.of(kept.spec(), Upstreams.spec("c1-0", "c1", 50, 0, 10), Upstreams.spec("new", "c9"));
    router.setUpstreams(next, RoutingPolicy.DEFAULT);
    RoutingTable table = router.tick();
    assertSame(kept, upstream(0));
    assertNotSame(changed, upstream(1));
    assertTrue(table.share(upstream(1), LIGHT) > 0, "what was learnt stays with the id");
    assertEquals(0, table.share(upstream(2), LIGHT), "who joins must be verified first");
    assertFalse(table.isServing(changed));
    assertEquals(List.of(Kind.LEFT, Kind.JOINED), events.stream().map(RoutingEvent::kind).toList());
  }

  /** The same object, the same health, and the same cost but for what others add to it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyReloadKeepsTheStateOfWhoDidNotChange(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<UpstreamSpec> specs = Upstreams.grid(2 + random.nextInt(4), 1 + random.nextInt(4));
    start(specs);
    for (UpstreamSpec spec : specs) {
      router.onHead(spec.id(), 100);
      router.onProbe(spec.id(), AttemptResult.SUCCESS, (1 + random.nextInt(80)) * 1_000_000L);
    }
    router.setIntents(List.of(drain(specs.get(random.nextInt(specs.size())).id())));
    now += SECOND;
    RoutingTable before = router.tick();
    List<Upstream> all = router.upstreams();
    List<UpstreamSpec> next = new ArrayList<>();
    for (UpstreamSpec spec : specs) {
      switch (random.nextInt(4)) {
        case 0 -> next.add(Upstreams.spec(spec.id(), "elsewhere", 7, 0, 3));
        case 1 -> next.add(0, Upstreams.spec("new-" + spec.id(), "c9"));
        default -> next.add(spec);
      }
    }
    next.add(Upstreams.spec("last", "c8"));
    router.setUpstreams(next, RoutingPolicy.DEFAULT);
    RoutingTable after = router.tick();
    for (Upstream kept : all) {
      if (next.contains(kept.spec())) {
        assertTrue(router.upstreams().contains(kept), "seed " + seed + ": " + kept);
        assertEquals(before.status(kept), after.status(kept), "seed " + seed);
        assertEquals(
            before.share(kept, LIGHT) > 0, after.share(kept, LIGHT) > 0, "seed " + seed + kept);
        double known = cost(before, kept);
        assertEquals(known, cost(after, kept), 0.01 * known, "seed " + seed);
      }
    }
  }

  private static double cost(RoutingTable table, Upstream upstream) {
    return table.entries(LIGHT).get(table.topology().indexOf(upstream)).costMillis();
  }

  @Test
  void whoJoinsARunningChainComesInByCanaryAndRamp() {
    start(Upstreams.grid(2, 1));
    List<UpstreamSpec> next = new ArrayList<>(Upstreams.grid(3, 1));
    router.setUpstreams(next, RoutingPolicy.DEFAULT);
    router.onIdentity("c2-0", Identity.VERIFIED);
    RoutingTable table = router.tick();
    assertEquals(0.02 / 3, share(2), 1e-6);
    assertEquals(Health.RETURNING, table.status(upstream(2)).health());
    now += 20 * SECOND;
    router.tick();
    assertEquals(1.0 / 3, share(2), 1e-9);
  }

  @Test
  void idsAreUnique() {
    List<UpstreamSpec> twice = List.of(Upstreams.spec("a", "aws"), Upstreams.spec("a", "gcp"));
    assertThrows(
        IllegalArgumentException.class, () -> router.setUpstreams(twice, RoutingPolicy.DEFAULT));
  }

  @Test
  void nearUpstreamsArePreferredAndProbesAreEnoughToTell() {
    start(Upstreams.grid(2, 1));
    for (int k = 0; k < 20; k++) {
      now += 200 * MILLI;
      router.onProbe("c0-0", AttemptResult.SUCCESS, 10 * MILLI);
      router.onProbe("c1-0", AttemptResult.SUCCESS, 40 * MILLI);
      router.tick();
    }
    assertTrue(share(0) > 0.95 && share(0) < 0.998, "share " + share(0));
    assertEquals(2, router.latency().size());
    assertEquals(10, router.latency().get(0).quantiles().p50Millis(), 1);
  }

  @Test
  void aSlowUpstreamOfOneClassLosesThatClass() {
    start(Upstreams.grid(4, 1));
    EvidenceLane lane = router.newLane(() -> {});
    for (int k = 0; k < 500; k++) {
      now += 20 * MILLI;
      for (int i = 0; i < 4; i++) {
        lane.onAttempt(upstream(i), LIGHT, AttemptResult.SUCCESS, 12 * MILLI);
        long heavy = i == 0 ? 410 * MILLI : 110 * MILLI;
        lane.onAttempt(upstream(i), LOGS, AttemptResult.SUCCESS, heavy);
      }
      router.tick();
    }
    RoutingTable table = router.table();
    double heavy = table.share(upstream(0), LOGS);
    assertTrue(heavy < 0.04, "share of heavy calls " + heavy);
    assertTrue(share(0) > 0.15, "share of light calls " + share(0));
  }

  @Test
  void fastErrorsNeverLookLikeAFastServer() {
    start(Upstreams.grid(3, 2));
    EvidenceLane lane = router.newLane(() -> {});
    SplittableRandom random = new SplittableRandom(3);
    for (int k = 0; k < 1000; k++) {
      now += 20 * MILLI;
      for (int i = 0; i < 6; i++) {
        boolean fails = i == 0 && random.nextInt(20) == 0;
        lane.onAttempt(
            upstream(i),
            LIGHT,
            fails ? AttemptResult.FAILED : AttemptResult.SUCCESS,
            fails ? MILLI : 20 * MILLI);
      }
      router.tick();
    }
    assertTrue(share(0) < share(1), share(0) + " against " + share(1));
  }

  @Test
  void targetsAreReadAndMatched() {
    Upstream u = new Upstream("ethereum", 0, Upstreams.spec("aws-1", "aws/us-east-1"));
    assertTrue(Target.parse("aws-1").matches(u));
    assertTrue(Target.parse("cloud:aws").matches(u));
    assertTrue(Target.parse("region:aws/us-east-1").matches(u));
    assertTrue(Target.parse("cloud:aws").withChain("ethereum").matches(u));
    assertFalse(Target.parse("cloud:aws").withChain("polygon").matches(u));
    assertFalse(Target.parse("cloud:gcp").matches(u));
    assertEquals("region:aws/us-east-1", Target.parse("region:aws/us-east-1").toString());
    assertThrows(IllegalArgumentException.class, () -> Target.parse("cloud:"));
  }
}
