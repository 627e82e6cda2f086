package io.fairlead.routing.table;

import static io.fairlead.routing.MethodClass.LIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
  private static TableDraft draft(List<UpstreamSpec> specs) {
    return new TableDraft("test", new Topology(Upstreams.of(specs))).withBias(2);
  }

  private static double share(RoutingTable table, int i) {
    return table.share(table.upstream(i), LIGHT);
  }

  @Test
  void withEqualCostsSharesAreExactlyTheWeights() {
    TableDraft draft =
        draft(
            List.of(
                Upstreams.spec("a", "aws", 100, 0, 10_000),
                Upstreams.spec("b", "gcp", 300, 0, 10_000),
                Upstreams.spec("c", "home", 0, 0, 10_000),
                Upstreams.spec("d", "home", 600, 0, 10_000)));
    for (int i = 0; i < 4; i++) {
      draft.numbers(LIGHT).setCost(i, 12.5);
    }
    RoutingTable table = draft.toTable(1);
    assertEquals(0.1, share(table, 0), 1e-12);
    assertEquals(0.3, share(table, 1), 1e-12);
    assertEquals(0, share(table, 2), 0);
    assertEquals(0.6, share(table, 3), 1e-12);
  }

  @Test
  void biasZeroIsTheWeightsWhateverTheCosts() {
    TableDraft draft = draft(Upstreams.grid(2, 2)).withBias(0);
    for (int i = 0; i < 4; i++) {
      draft.numbers(LIGHT).setCost(i, 1 + 100 * i);
    }
    RoutingTable table = draft.toTable(1);
    for (int i = 0; i < 4; i++) {
      assertEquals(0.25, share(table, i), 1e-12);
    }
  }

  @Test
  void preferenceIsTheCostRatioToTwiceTheBias() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.numbers(LIGHT).setCost(0, 10);
    draft.numbers(LIGHT).setCost(1, 20);
    RoutingTable table = draft.toTable(1);
    double expected = (1 - Shares.TRICKLE) / 17 + Shares.TRICKLE * 0.5;
    assertEquals(expected, share(table, 1), 1e-12);
  }

  @Test
  void everyHealthyOneKeepsATrickle() {
    TableDraft draft = draft(Upstreams.grid(10, 1));
    for (int i = 0; i < 10; i++) {
      draft.numbers(LIGHT).setCost(i, i == 0 ? 1 : 100_000);
    }
    RoutingTable table = draft.toTable(1);
    for (int i = 1; i < 10; i++) {
      assertTrue(share(table, i) >= Shares.TRICKLE / 10);
    }
    assertTrue(share(table, 0) > 0.99);
  }

  @Test
  void whoIsUnknownCountsAsTheMedian() {
    TableDraft draft = draft(Upstreams.grid(4, 1));
    draft.numbers(LIGHT).setCost(0, 10);
    draft.numbers(LIGHT).setCost(1, 20);
    draft.numbers(LIGHT).setCost(2, 80);
    RoutingTable table = draft.toTable(1);
    assertEquals(share(table, 1), share(table, 3), 1e-12);
  }

  @Test
  void aCanaryGetsTwoPercentOfItsWholeShareAndNotOfWhatIsLeft() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    draft.numbers(LIGHT).setCost(0, 1);
    draft.numbers(LIGHT).setCost(1, 20);
    draft.numbers(LIGHT).setCost(2, 20);
    draft.setReadiness(0, 0.02, 1);
    RoutingTable table = draft.toTable(1);
    assertTrue(share(table, 0) < 0.021);
    assertEquals((1 - share(table, 0)) / 2, share(table, 1), 1e-12);
  }

  /** Beside a near region the others are preferred so little that their trickle would be most. */
  @Test
  void whileSomebodyComesBackTheRestIsSharedAsIfItWereAll() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    double[] costs = {3, 16, 150};
    for (int i = 0; i < 3; i++) {
      draft.numbers(LIGHT).setCost(i, costs[i]);
    }
    draft.setReadiness(0, 0.02, 1);
    RoutingTable table = draft.toTable(1);
    double rest = 1 - share(table, 0);
    double preferred = (1 - Shares.TRICKLE) / (1 + Math.pow(150.0 / 16, 4));
    assertEquals(rest * (preferred + Shares.TRICKLE / 2), share(table, 2), 1e-12);
  }

  @Test
  void ifNobodyIsWholeThoseOnTheWayBackShare() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setReadiness(0, 0.02, 1);
    draft.setReadiness(1, 0.06, 1);
    RoutingTable table = draft.toTable(1);
    assertEquals(0.25, share(table, 0), 1e-12);
    assertEquals(0.75, share(table, 1), 1e-12);
    assertFalse(table.isPanic());
  }

  @Test
  void inPanicTheLeastSuspectServeAndNeverThoseThatMustNot() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    draft.setReadiness(0, 0, 0.1);
    draft.setReadiness(1, 0, 0.3);
    draft.setReadiness(2, 0, 0);
    RoutingTable table = draft.toTable(1);
    assertTrue(table.isPanic());
    assertTrue(table.isUsable());
    assertEquals(0.25, share(table, 0), 1e-12);
    assertEquals(0.75, share(table, 1), 1e-12);
    assertFalse(table.isServing(table.upstream(2)));
  }

  @Test
  void withNobodyLeftTheTableIsEmptyAndSaysSo() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setReadiness(0, 0, 0);
    draft.setReadiness(1, 0, 0);
    RoutingTable table = draft.toTable(1);
    assertFalse(table.isUsable());
    assertFalse(table.isPanic());
    assertEquals(0, share(table, 0), 0);
  }

  @Test
  void whoLagsServesOnlyWhatDoesNotDependOnTheHead() {
    TableDraft draft = draft(Upstreams.grid(2, 1));
    draft.setHeadReady(0, false);
    RoutingTable table = draft.toTable(1);
    Upstream lagging = table.upstream(0);
    assertEquals(0.5, table.share(lagging, LIGHT, false), 1e-12);
    assertEquals(0, table.share(lagging, LIGHT, true), 0);
    assertEquals(1, table.share(table.upstream(1), LIGHT, true), 1e-12);
    assertTrue(table.isServing(lagging));
  }

  @Test
  void aHigherTierServesOnlyWhenLowerOnesCannot() {
    List<UpstreamSpec> specs =
        List.of(
            Upstreams.spec("a", "aws", 100, 0, Integer.MAX_VALUE),
            Upstreams.spec("b", "gcp", 100, 1, Integer.MAX_VALUE));
    assertEquals(0, share(draft(specs).toTable(1), 1), 0);
    TableDraft down = draft(specs);
    down.setReadiness(0, 0, 0.5);
    assertEquals(1, share(down.toTable(1), 1), 1e-12);
    TableDraft returning = draft(specs);
    returning.setReadiness(0, 0.02, 1);
    assertEquals(0.98, share(returning.toTable(1), 1), 1e-12);
  }

  @Test
  void aTierTakesWhatTheLowerOneHasNoPermitsFor() {
    List<UpstreamSpec> specs =
        List.of(
            Upstreams.spec("a", "aws", 100, 0, 10),
            Upstreams.spec("b", "gcp", 100, 1, Integer.MAX_VALUE));
    assertEquals(0, share(draft(specs).withLoadInFlight(8).toTable(1), 1), 1e-12);
    assertEquals(0.5, share(draft(specs).withLoadInFlight(16).toTable(1), 1), 1e-12);
  }

  @Test
  void capsHoldWhileOthersCanServe() {
    TableDraft draft = draft(Upstreams.grid(4, 2)).withMaxShare(Map.of("cloud", 0.4));
    for (int i = 0; i < 8; i++) {
      draft.numbers(LIGHT).setCost(i, i < 2 ? 1 : 10);
    }
    RoutingTable table = draft.toTable(1);
    assertEquals(0.4, table.share(FailureDomain.cloud("c0"), LIGHT), 1e-9);
    assertEquals(0.2, table.share(FailureDomain.cloud("c1"), LIGHT), 1e-9);
    assertFalse(table.hasYieldedCaps());
    String why = table.entries(LIGHT).get(0).factors().toString();
    assertTrue(why.contains("a failure domain is at its maxShare"), why);
  }

  @Test
  void capsYieldLoudlyBeforeCallsAreLost() {
    TableDraft draft = draft(Upstreams.grid(2, 2)).withMaxShare(Map.of("cloud", 0.4));
    RoutingTable table = draft.toTable(1);
    assertTrue(table.hasYieldedCaps());
    assertEquals(0.5, table.share(FailureDomain.cloud("c0"), LIGHT), 1e-9);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28})
  void sharesSumToOneAndCapsHoldOrYield(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<UpstreamSpec> specs = new ArrayList<>();
    int n = 1 + random.nextInt(60);
    for (int i = 0; i < n; i++) {
      List<FailureDomain> domains = new ArrayList<>();
      String cloud = "c" + random.nextInt(5);
      domains.add(FailureDomain.region(cloud, "r" + random.nextInt(3)));
      domains.add(FailureDomain.cloud(cloud));
      domains.add(new FailureDomain(FailureDomain.VENDOR, "v" + random.nextInt(6)));
      specs.add(
          new UpstreamSpec("u" + i, domains, random.nextInt(200), random.nextInt(2), 1 << 20));
    }
    Map<String, Double> caps =
        Map.of("cloud", 0.2 + 0.6 * random.nextDouble(), "vendor", 0.2 + 0.6 * random.nextDouble());
    TableDraft draft = draft(specs).withMaxShare(caps);
    for (int i = 0; i < n; i++) {
      draft.setReadiness(i, random.nextInt(3) == 0 ? random.nextInt(2) * 0.3 : 1, 0.5);
      draft.setHeadReady(i, random.nextInt(5) != 0);
      draft.numbers(LIGHT).setCost(i, 1 + 50 * random.nextDouble());
    }
    RoutingTable table = draft.toTable(1);
    for (boolean head : new boolean[] {false, true}) {
      double sum = 0;
      for (Upstream u : table.upstreams()) {
        double share = table.share(u, LIGHT, head);
        assertTrue(share >= 0 && share <= 1 + 1e-9, "seed " + seed);
        assertTrue(share == 0 || u.spec().weight() > 0, "weight 0 has no share, seed " + seed);
        sum += share;
      }
      assertTrue(Math.abs(sum - 1) < 1e-9 || sum == 0, "sum " + sum + ", seed " + seed);
      if (!table.distribution(LIGHT, head).hasYielded) {
        checkCaps(table, caps, head, seed);
      }
    }
  }

  private static void checkCaps(
      RoutingTable table, Map<String, Double> caps, boolean head, long seed) {
    for (FailureDomain domain : table.topology().domains()) {
      double sum = 0;
      for (Upstream u : table.upstreams()) {
        sum += u.spec().domains().contains(domain) ? table.share(u, LIGHT, head) : 0;
      }
      double cap = caps.getOrDefault(domain.kind(), 1.0);
      assertTrue(sum <= cap + 1e-6, domain + ": " + sum + " > " + cap + ", seed " + seed);
    }
  }

  @Test
  void everyFactorHasAReason() {
    TableDraft draft = draft(Upstreams.grid(3, 1));
    draft.numbers(LIGHT).setCost(0, 5);
    draft.numbers(LIGHT).setCost(1, 9);
    for (ShareEntry entry : draft.toTable(3).entries(LIGHT)) {
      assertTrue(entry.factors().size() >= 3);
      entry.factors().forEach(f -> assertFalse(f.reason().isBlank()));
    }
  }

  @Test
  void anUpstreamOfAnotherTableServesNothing() {
    RoutingTable table = draft(Upstreams.grid(2, 1)).toTable(1);
    Upstream stranger = new Upstream("test", 99, Upstreams.spec("x", "aws"));
    for (MethodClass c : MethodClass.ALL) {
      assertEquals(0, table.share(stranger, c), 0);
    }
    assertFalse(table.isServing(stranger));
    assertTrue(table.overdueAfterNanos(stranger, LIGHT) > 0);
  }
}
