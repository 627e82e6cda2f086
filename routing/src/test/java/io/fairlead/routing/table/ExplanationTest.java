package io.fairlead.routing.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.table.ShareEntry.Factor;
import io.fairlead.routing.table.ShareEntry.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {
  private static final double EXACT = 1e-9;

  /** A table with canaries, drains, laggards, tiers, caps, unknown costs or panic. */
  private static RoutingTable anyTable(SplittableRandom random) {
    List<UpstreamSpec> specs = new ArrayList<>();
    int n = 1 + random.nextInt(40);
    for (int i = 0; i < n; i++) {
      String cloud = "c" + random.nextInt(4);
      List<FailureDomain> domains =
          List.of(
              FailureDomain.region(cloud, "r" + random.nextInt(3)),
              FailureDomain.cloud(cloud),
              new FailureDomain(FailureDomain.VENDOR, "v" + random.nextInt(5)));
      int limit = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : Integer.MAX_VALUE;
      specs.add(new UpstreamSpec("u" + i, domains, random.nextInt(200), random.nextInt(3), limit));
    }
    boolean hasCaps = random.nextBoolean();
    Map<String, Double> caps =
        Map.of("cloud", 0.2 + 0.8 * random.nextDouble(), "vendor", 0.2 + 0.8 * random.nextDouble());
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(specs)))
            .withBias(random.nextInt(4) == 0 ? 0 : 4 * random.nextDouble())
            .withMaxShare(hasCaps ? caps : Map.of())
            .withLoadInFlight(random.nextInt(100));
    boolean hasCapacity = random.nextBoolean();
    for (MethodClass c : MethodClass.ALL) {
      draft.setRate(c, 500 * random.nextDouble());
    }
    boolean isPanic = random.nextInt(5) == 0;
    for (int i = 0; i < n; i++) {
      double ready = random.nextInt(3) > 0 ? 1 : random.nextInt(2) * random.nextDouble();
      draft.setReadiness(i, isPanic ? 0 : ready, random.nextDouble());
      draft.setHeadReady(i, random.nextInt(4) != 0);
      if (hasCapacity && random.nextInt(3) == 0) {
        draft.setCapacity(i, 1 + random.nextInt(20), 1 + 200 * random.nextDouble());
      }
      for (MethodClass c : MethodClass.ALL) {
        if (random.nextInt(8) == 0) {
          draft.numbers(c).setReadiness(i, random.nextInt(2) * random.nextDouble());
        }
        if (random.nextInt(5) != 0) {
          draft.numbers(c).setCost(i, anyCost(random));
        }
      }
    }
    return draft.toTable(1);
  }

  private static CostParts anyCost(SplittableRandom random) {
    return new CostParts(
        150 * random.nextDouble(),
        new CostParts.Service(700 * random.nextDouble(), 2 * random.nextDouble() - 1),
        new CostParts.Failure(random.nextDouble(), 500 * random.nextDouble(), 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void theFactorsMultiplyToTheShare(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int k = 0; k < 25; k++) {
      RoutingTable table = anyTable(random);
      for (MethodClass c : MethodClass.ALL) {
        for (Upstream u : table.upstreams()) {
          check(table, u, c, false, seed);
          check(table, u, c, true, seed);
        }
      }
    }
  }

  private static void check(
      RoutingTable table, Upstream u, MethodClass c, boolean head, long seed) {
    ShareExplanation explained = table.explain(u, c, head);
    double share = table.share(u, c, head);
    String where = "seed " + seed + ", " + u + ", " + explained;
    assertEquals(share, explained.entry().share(), 0, where);
    assertEquals(
        share, explained.derivation().map(ExplanationTest::byHand).orElse(0.0), EXACT, where);
    assertEquals(share, byFactors(explained), EXACT, where);
    explained
        .cost()
        .ifPresent(
            parts -> assertEquals(explained.entry().costMillis(), byHand(parts), EXACT, where));
    if (share == 0) {
      assertTrue(explained.entry().factors().stream().anyMatch(f -> f.value() == 0), where);
    }
  }

  private static double byHand(Derivation d) {
    Derivation.Base b = d.base();
    double p =
        Math.pow(
            b.preference().bestMillis() / b.preference().costMillis(), 2 * b.preference().bias());
    double base =
        (1 - b.trickle()) * b.weight() * p / b.sumPreferred()
            + b.trickle() * b.weight() / b.sumWeight();
    return base * d.readinessFactor() * d.tierFactor() * d.capFactor();
  }

  /** What the factors that people see come to, given the sums that they are divided by. */
  private static double byFactors(ShareExplanation explained) {
    if (explained.derivation().isEmpty()) {
      return 0;
    }
    Derivation.Base base = explained.derivation().get().base();
    List<Factor> f = explained.entry().factors();
    double preferred =
        value(f, Name.WEIGHT, 0) * value(f, Name.PREFERENCE, 0) / base.sumPreferred();
    double part = (1 - base.trickle()) * preferred + value(f, Name.TRICKLE, 0);
    double readiness = explained.derivation().get().readinessFactor();
    double taken = value(f, Name.TAKEOVER, readiness);
    return part * taken * value(f, Name.TIER, 1) * value(f, Name.CAP, 1);
  }

  private static double value(List<Factor> factors, Name name, double otherwise) {
    return factors.stream()
        .filter(f -> f.name() == name)
        .findFirst()
        .map(Factor::value)
        .orElse(otherwise);
  }

  private static double byHand(CostParts parts) {
    CostParts.Failure f = parts.failure();
    return parts.rttMillis()
        + Math.exp(parts.service().logSlowness()) * parts.service().baselineMillis()
        + (1 - f.success())
            / Math.max(f.success(), 0.02)
            * (f.failureMillis() + f.alternativeMillis());
  }

  @Test
  void readinessOfWhoIsNotWholeIsItsFactor() {
    TableDraft draft = new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(3, 1))));
    draft.setReadiness(0, 0.02, 1);
    RoutingTable table = draft.toTable(1);
    ShareExplanation canary = table.explain(table.upstream(0), MethodClass.READ, false);
    ShareExplanation whole = table.explain(table.upstream(1), MethodClass.READ, false);
    assertEquals(0.02, canary.derivation().orElseThrow().readinessFactor(), 1e-12);
    assertEquals(1 - 0.02 / 3, whole.derivation().orElseThrow().readinessFactor(), 1e-12);
    assertTrue(whole.entry().factors().stream().anyMatch(f -> f.name() == Name.TAKEOVER));
    assertFalse(canary.entry().factors().stream().anyMatch(f -> f.name() == Name.TAKEOVER));
  }

  @Test
  void theBestOfATierIsOfThatTier() {
    List<UpstreamSpec> specs =
        List.of(
            Upstreams.spec("near", "aws", 100, 0, 10), Upstreams.spec("far", "gcp", 100, 1, 100));
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(specs))).withBias(2).withLoadInFlight(16);
    draft.numbers(MethodClass.READ).setCost(0, 5);
    draft.numbers(MethodClass.READ).setCost(1, 50);
    RoutingTable table = draft.toTable(1);
    ShareExplanation far = table.explain(table.upstream(1), MethodClass.READ, false);
    assertEquals(50, far.derivation().orElseThrow().base().preference().bestMillis(), 0);
    assertEquals(0.5, far.derivation().orElseThrow().tierFactor(), 1e-12);
  }

  @Test
  void whoseTierIsNotNeededHearsSo() {
    List<UpstreamSpec> specs =
        List.of(
            Upstreams.spec("near", "aws", 100, 0, 10), Upstreams.spec("far", "gcp", 100, 1, 100));
    RoutingTable table = new TableDraft("test", new Topology(Upstreams.of(specs))).toTable(1);
    ShareExplanation far = table.explain(table.upstream(1), MethodClass.READ, false);
    String why = far.entry().factors().toString();
    assertTrue(why.contains("tier 1 is not needed"), why);
  }

  @Test
  void whoCarriesNoMoreHearsWhichBoundItIs() {
    List<UpstreamSpec> specs = Upstreams.grid(3, 1);
    TableDraft draft = new TableDraft("test", new Topology(Upstreams.of(specs)));
    draft.setRate(MethodClass.READ, 100);
    draft.setCapacity(0, Integer.MAX_VALUE, 5);
    for (int i = 0; i < 3; i++) {
      draft.numbers(MethodClass.READ).setCost(i, 10);
    }
    RoutingTable table = draft.toTable(1);
    ShareExplanation bound = table.explain(table.upstream(0), MethodClass.READ, false);
    assertEquals(0.085, bound.entry().share(), 1e-9, "what is offered of 5 a second, of 100");
    assertTrue(bound.entry().factors().toString().contains("429 beyond 5.0 a second"), "" + bound);
    ShareExplanation other = table.explain(table.upstream(1), MethodClass.READ, false);
    assertTrue(
        other.entry().factors().toString().contains("takes over from who is at"), "" + other);
  }
}
