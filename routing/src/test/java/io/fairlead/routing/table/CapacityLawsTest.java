package io.fairlead.routing.table;

import static io.fairlead.routing.MethodClass.LIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of what is moved where, under generated worlds; the seed is in every message. */
class CapacityLawsTest {
  private static final double[] PER_SECOND = {900, 200, 40, 10, 50};

  static long[] seeds() {
    return LongStream.rangeClosed(1, 200).toArray();
  }

  /** A generated chain. */
  private static final class Generated {
    final SplittableRandom random;
    final List<UpstreamSpec> specs = new ArrayList<>();

    Generated(long seed) {
      random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(random.nextBoolean() ? 6 : 60);
      int clouds = 1 + random.nextInt(5);
      int vendors = 1 + random.nextInt(5);
      for (int i = 0; i < n; i++) {
        String cloud = "c" + random.nextInt(clouds);
        List<FailureDomain> domains = new ArrayList<>();
        domains.add(FailureDomain.region(cloud, "r" + random.nextInt(3)));
        domains.add(FailureDomain.cloud(cloud));
        domains.add(new FailureDomain(FailureDomain.VENDOR, "v" + random.nextInt(vendors)));
        specs.add(new UpstreamSpec("u" + i, domains, 1 + random.nextInt(300), 0, 1 << 20));
      }
    }

    TableDraft draft() {
      TableDraft draft =
          new TableDraft("test", new Topology(Upstreams.of(specs))).withBias(random.nextInt(4));
      for (MethodClass c : MethodClass.ALL) {
        draft.setRate(c, PER_SECOND[c.index()]);
        for (int i = 0; i < specs.size(); i++) {
          draft.numbers(c).setCost(i, (1 + 80 * random.nextDouble()) * (c.index() + 1));
        }
      }
      return draft;
    }
  }

  private static double share(RoutingTable table, int i, MethodClass c) {
    return table.share(table.upstream(i), c);
  }

  private static void assertSumsToOne(RoutingTable table, long seed) {
    for (MethodClass c : MethodClass.ALL) {
      double sum = 0;
      for (int i = 0; i < table.size(); i++) {
        assertTrue(share(table, i, c) >= 0, "seed " + seed);
        sum += share(table, i, c);
      }
      assertEquals(1, sum, 1e-9, "seed " + seed);
    }
  }

  /** Caps that some split is known to keep are kept, however kinds of domains overlap. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void capsHoldWheneverTheyCan(long seed) {
    Generated g = new Generated(seed);
    double[] witness = new double[g.specs.size()];
    double total = 0;
    for (int i = 0; i < witness.length; i++) {
      witness[i] = g.random.nextInt(4) == 0 ? 0 : g.random.nextDouble();
      total += witness[i];
    }
    Map<FailureDomain, Double> sums = new HashMap<>();
    for (int i = 0; i < witness.length; i++) {
      double part = total > 0 ? witness[i] / total : 1.0 / witness.length;
      g.specs.get(i).domains().forEach(d -> sums.merge(d, part, Double::sum));
    }
    Map<String, Double> caps = new HashMap<>();
    sums.forEach((d, sum) -> caps.merge(d.kind(), Math.min(1, sum * 1.01), Math::max));
    RoutingTable table = g.draft().withMaxShare(caps).toTable(1);
    assertSumsToOne(table, seed);
    assertFalse(table.hasYieldedCaps(), "caps " + caps + ", seed " + seed);
    for (FailureDomain domain : table.topology().domains()) {
      for (MethodClass c : MethodClass.ALL) {
        double sum = table.share(domain, c);
        double cap = caps.getOrDefault(domain.kind(), 1.0);
        assertTrue(sum <= cap * 1.0011, domain + ": " + sum + " > " + cap + ", seed " + seed);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void quotaSharesNeverExceedWhatIsOfferedOfTheLearntQuotaWhileAnybodyHasNone(long seed) {
    Generated g = new Generated(seed);
    TableDraft draft = g.draft();
    double[] quota = new double[g.specs.size()];
    for (int i = 0; i < quota.length; i++) {
      boolean isLimited = i > 0 && g.random.nextBoolean();
      quota[i] = isLimited ? 5 + 200 * g.random.nextDouble() : Double.POSITIVE_INFINITY;
      int limit = g.random.nextInt(3) == 0 ? 4 + g.random.nextInt(30) : Integer.MAX_VALUE;
      draft.setCapacity(i, limit, quota[i]);
    }
    RoutingTable table = draft.toTable(1);
    assertSumsToOne(table, seed);
    for (int i = 0; i < quota.length; i++) {
      double perSecond = 0;
      for (MethodClass c : MethodClass.ALL) {
        perSecond += PER_SECOND[c.index()] * share(table, i, c);
      }
      assertTrue(
          perSecond <= Capacity.offered(quota[i]) * (1 + 1e-6),
          perSecond + " of " + quota[i] + ", " + seed);
    }
  }

  /**
   * Half a second of it can be saved up; what comes at random finds less of it the smaller it is.
   */
  @ParameterizedTest(name = "{0} calls a second")
  @ValueSource(doubles = {6, 10, 30, 100})
  void ofAnyQuotaSoMuchIsOfferedThatItIsUsedUp(double quota) {
    SplittableRandom random = new SplittableRandom(7);
    double offered = Capacity.offered(quota);
    double saved = 0;
    int used = 0;
    double seconds = 0;
    while (seconds < 2000) {
      double gap = -Math.log(1 - random.nextDouble()) / offered;
      seconds += gap;
      saved = Math.min(Math.ceil(quota / 2), saved + gap * quota);
      if (saved >= 1) {
        saved--;
        used++;
      }
    }
    assertTrue(used >= 0.95 * quota * seconds, used / seconds + " of " + quota);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noMoreIsMovedToAnybodyThanItsLimitCarriesUnlessAllAreFull(long seed) {
    Generated g = new Generated(seed);
    TableDraft draft = g.draft();
    int[] limit = new int[g.specs.size()];
    for (int i = 0; i < limit.length; i++) {
      limit[i] = 4 + g.random.nextInt(60);
      draft.setCapacity(i, limit[i], Double.POSITIVE_INFINITY);
    }
    RoutingTable table = draft.toTable(1);
    assertSumsToOne(table, seed);
    if (!table.isOverloaded()) {
      for (int i = 0; i < limit.length; i++) {
        double inFlight = 0;
        for (MethodClass c : MethodClass.ALL) {
          double seconds = draft.numbers(c).costMillis[i] / 1e3;
          inFlight += PER_SECOND[c.index()] * share(table, i, c) * seconds;
        }
        assertTrue(inFlight <= limit[i] * 0.85 + 1e-6, inFlight + " of " + limit[i] + ", " + seed);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobodyDrainedOrEjectedIsPickedOutsidePanic(long seed) {
    Generated g = new Generated(seed);
    TableDraft draft = g.draft();
    boolean[] isOut = new boolean[g.specs.size()];
    for (int i = 1; i < isOut.length; i++) {
      isOut[i] = g.random.nextBoolean();
      draft.setReadiness(i, isOut[i] ? 0 : 1, g.random.nextInt(2));
      draft.setHotAbove(i, g.random.nextInt(3) - 1, Integer.MAX_VALUE);
    }
    RoutingTable table = draft.toTable(1);
    Picker picker = new Picker(g.random.split());
    PickRequest request = new PickRequest();
    for (int k = 0; k < 50; k++) {
      MethodClass c = MethodClass.ALL.get(k % 5);
      request.reset(c, false, null);
      for (int attempt = 0; attempt < 3; attempt++) {
        Upstream picked = picker.pick(table, request);
        if (picked != null) {
          assertFalse(isOut[table.topology().indexOf(picked)], "seed " + seed);
          request.onTried(picked);
        }
      }
    }
    for (int i = 0; i < isOut.length; i++) {
      assertTrue(!isOut[i] || !table.isServing(table.upstream(i)), "seed " + seed);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withEqualCostsTheSplitIsExactlyTheWeights(long seed) {
    Generated g = new Generated(seed);
    TableDraft draft = g.draft();
    double sum = 0;
    for (int i = 0; i < g.specs.size(); i++) {
      draft.numbers(LIGHT).setCost(i, 17.25);
      sum += g.specs.get(i).weight();
    }
    RoutingTable table = draft.toTable(1);
    for (int i = 0; i < g.specs.size(); i++) {
      assertEquals(g.specs.get(i).weight() / sum, share(table, i, LIGHT), 1e-12, "seed " + seed);
    }
  }

  @Test
  void capsThatOverlapAreKeptWhereFillingAloneWouldPaintItselfIntoACorner() {
    List<UpstreamSpec> specs = new ArrayList<>();
    for (String place : List.of("a/x", "a/y", "b/x")) {
      specs.add(
          new UpstreamSpec(
              place,
              List.of(
                  FailureDomain.cloud(place.substring(0, 1)),
                  new FailureDomain(FailureDomain.VENDOR, place.substring(2))),
              place.equals("a/x") ? 1000 : 10,
              0,
              1 << 20));
    }
    RoutingTable table =
        new TableDraft("test", new Topology(Upstreams.of(specs)))
            .withMaxShare(Map.of("cloud", 0.52, "vendor", 0.52))
            .toTable(1);
    assertFalse(table.hasYieldedCaps());
    assertEquals(0.5, table.share(table.upstream(1), LIGHT), 0.03);
    assertEquals(0.5, table.share(table.upstream(2), LIGHT), 0.03);
  }

  @Test
  void aCapYieldsBeforeCallsAreLostToLimits() {
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(3, 1))))
            .withMaxShare(Map.of("cloud", 0.4));
    for (int i = 0; i < 3; i++) {
      draft.numbers(LIGHT).setCost(i, 100);
      draft.setCapacity(i, i == 0 ? 1000 : 20, Double.POSITIVE_INFINITY);
    }
    draft.setRate(LIGHT, 1000);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.hasYieldedCaps());
    assertFalse(table.isOverloaded());
    assertEquals(0.66, table.share(table.upstream(0), LIGHT), 1e-9);
  }

  @Test
  void whatNobodyCanCarryIsSpreadByWhatEachCan() {
    TableDraft draft = new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(2, 1))));
    for (int i = 0; i < 2; i++) {
      draft.numbers(LIGHT).setCost(i, i == 0 ? 10 : 20);
      draft.setCapacity(i, 10, Double.POSITIVE_INFINITY);
    }
    draft.withBias(5).setRate(LIGHT, 10_000);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.isOverloaded());
    assertEquals(2.0 / 3, table.share(table.upstream(0), LIGHT), 1e-9);
  }

  @Test
  void heavyClassesAreShedFirstAndThePickSaysSo() {
    TableDraft draft = new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(1, 1))));
    draft.setCapacity(0, 4, Double.POSITIVE_INFINITY);
    RoutingTable table = draft.toTable(1);
    Picker picker = new Picker(new SplittableRandom(1));
    PickRequest request = new PickRequest();
    Map<MethodClass, Integer> carried = new HashMap<>();
    for (int inFlight = 0; inFlight < 40; inFlight++) {
      for (MethodClass c : MethodClass.ALL) {
        request.reset(c, false, null);
        boolean isPicked = picker.pick(table, request) != null;
        assertEquals(isPicked, !request.isShed());
        carried.merge(c, isPicked ? 1 : 0, Integer::sum);
      }
      assertTrue(table.upstream(0).tryAcquire(MethodClass.LIGHT));
    }
    assertEquals(
        Map.of(
            MethodClass.TRACE, 8,
            MethodClass.LOGS, 8,
            MethodClass.READ, 10,
            MethodClass.LIGHT, 16,
            MethodClass.WRITE, 32),
        carried);
  }

  @Test
  void whoIsTurnedAwayDoesNotGoWhereACapIsReached() {
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(3, 1))))
            .withBias(2)
            .withMaxShare(Map.of("cloud", 0.4));
    for (int i = 0; i < 3; i++) {
      draft.numbers(LIGHT).setCost(i, i == 0 ? 1 : 20);
    }
    draft.setHotAbove(1, 0, Integer.MAX_VALUE);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.upstream(1).tryAcquire(MethodClass.LIGHT));
    Picker picker = new Picker(new SplittableRandom(1));
    PickRequest request = new PickRequest();
    int[] counts = new int[3];
    for (int k = 0; k < 20_000; k++) {
      request.reset(LIGHT, false, null);
      Upstream picked = picker.pick(table, request);
      assertNotNull(picked);
      counts[table.topology().indexOf(picked)]++;
    }
    assertTrue(counts[0] < 0.41 * 20_000, "near and at its cap: " + counts[0]);
  }

  @Test
  void whenTheNearOnesAreHotFarOnesAreFoundThoughTheirSharesAreSmall() {
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(2, 10)))).withBias(2);
    for (int i = 0; i < 20; i++) {
      draft.numbers(LIGHT).setCost(i, i < 10 ? 1 : 100);
      draft.setHotAbove(i, i < 10 ? 0 : 100, Integer.MAX_VALUE);
    }
    RoutingTable table = draft.toTable(1);
    for (int i = 0; i < 10; i++) {
      assertTrue(table.upstream(i).tryAcquire(MethodClass.LIGHT));
    }
    Picker picker = new Picker(new SplittableRandom(1));
    PickRequest request = new PickRequest();
    int far = 0;
    for (int k = 0; k < 1000; k++) {
      request.reset(LIGHT, false, null);
      Upstream picked = picker.pick(table, request);
      assertNotNull(picked);
      far += table.topology().indexOf(picked) >= 10 ? 1 : 0;
    }
    assertTrue(far > 800, "of 1000 went far: " + far);
  }
}
