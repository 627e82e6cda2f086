package io.fairlead.routing.table;

import static io.fairlead.routing.MethodClass.LIGHT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstreams;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HindmostTest {
  private static final long MILLI = 1_000_000L;

  private static long[] capped(long[] hedgeAfter, double... share) {
    long[] capped = hedgeAfter.clone();
    Hindmost.cap(capped, share);
    return capped;
  }

  private static RoutingTable nearAndFar(double bias) {
    TableDraft draft =
        new TableDraft("test", new Topology(Upstreams.of(Upstreams.grid(2, 1)))).withBias(bias);
    for (int i = 0; i < 2; i++) {
      double millis = i == 0 ? 3 : 150;
      draft.numbers(LIGHT).setCost(i, millis);
      draft.numbers(LIGHT).setTimers(i, 1, (long) (2 * millis * MILLI), 1);
    }
    return draft.toTable(1);
  }

  @Test
  void theHindmostHundredthIsHedgedWhenAllOthersAre() {
    assertArrayEquals(new long[] {7, 8, 8}, capped(new long[] {7, 8, 160}, 0.6, 0.391, 0.009));
    RoutingTable table = nearAndFar(2);
    assertEquals(6 * MILLI, table.hedgeAfterNanos(table.upstream(1), LIGHT));
  }

  @Test
  void whereTheFarHaveTheirPartByIntentNothingChanges() {
    long[] own = {7, 8, 160};
    assertArrayEquals(own, capped(own, 0.5, 0.48, 0.02));
    RoutingTable table = nearAndFar(0);
    assertEquals(300 * MILLI, table.hedgeAfterNanos(table.upstream(1), LIGHT));
  }

  @Test
  void whileTimesAreUnknownNobodyIsHedged() {
    long[] unknown = {Long.MAX_VALUE, Long.MAX_VALUE};
    assertArrayEquals(unknown, capped(unknown, 0.5, 0.5));
    assertArrayEquals(unknown, capped(unknown, 0, 0));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void atMostAHundredthIsHedgedEarlierAndNobodyLater(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 1 + random.nextInt(100);
    long[] own = random.longs(n, 1, 50).toArray();
    double[] share = random.doubles(n).map(x -> Math.pow(x, 20)).toArray();
    DomainCaps.scaleTo(1, share);
    long[] capped = capped(own, share);
    double earlier = 0;
    for (int i = 0; i < n; i++) {
      assertTrue(capped[i] <= own[i], "seed " + seed);
      earlier += capped[i] < own[i] ? share[i] : 0;
    }
    assertTrue(earlier <= Hindmost.PART, "seed " + seed + ": " + earlier);
  }
}
