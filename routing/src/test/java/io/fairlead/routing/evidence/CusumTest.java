package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CusumTest {
  private final Cusum cusum = new Cusum();

  @Test
  void sixFailuresInARowConvict() {
    for (int i = 0; i < 5; i++) {
      cusum.add(0, 1, 0, 0.01);
    }
    assertTrue(cusum.score() < Cusum.THRESHOLD);
    cusum.add(0, 1, 0, 0.01);
    assertTrue(cusum.score() >= Cusum.THRESHOLD);
  }

  @Test
  void theScoreIsNeverBelowZeroAndNeverUnpayable() {
    cusum.add(1_000_000, 0, 0, 0.01);
    assertEquals(0, cusum.score());
    cusum.add(0, 1_000_000, 0, 0.01);
    assertEquals(1.5 * Cusum.THRESHOLD, cusum.score());
  }

  @Test
  void aLateSuccessTakesItsSilenceBack() {
    cusum.add(0, 3, 0, 0.01);
    double before = cusum.score();
    cusum.add(0, 1, 0, 0.01);
    cusum.add(0, 0, 1, 0.01);
    assertEquals(before, cusum.score(), 1e-12);
  }

  @Test
  void theHypothesesStayApartWhateverFailsElsewhere() {
    for (double rate = 0; rate <= 1; rate += 0.01) {
      double p0 = Cusum.p0(rate);
      double p1 = Cusum.p1(p0);
      assertTrue(p1 > p0 && p1 < 1, "p0 " + p0 + ", p1 " + p1);
      assertTrue(Cusum.failureWorth(p0) > 0);
      assertTrue(Cusum.successWorth(p0) < 0);
    }
    assertEquals(0.3, Cusum.p1(0.01), 1e-12);
    assertEquals(0.4, Cusum.p1(0.1), 0.1);
  }

  /** What fails as often as elsewhere drifts down, at every rate that leaves something working. */
  @Test
  void whatFailsLikeEverybodyIsNotSuspect() {
    for (double rate = 0; rate <= 0.7; rate += 0.01) {
      double p0 = Cusum.p0(rate);
      double drift = rate * Cusum.failureWorth(p0) + (1 - rate) * Cusum.successWorth(p0);
      assertTrue(drift < 0, "rate " + rate + ", drift " + drift);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneFailureInAHundredNeverConvicts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000_000; i++) {
      boolean isBad = random.nextInt(100) == 0;
      cusum.add(isBad ? 0 : 1, isBad ? 1 : 0, 0, 0.01);
      assertTrue(cusum.score() < Cusum.THRESHOLD, "after " + i + ", seed " + seed);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneFailureInFiveConvictsWithinAFewHundred(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int calls = 0;
    while (cusum.score() < Cusum.THRESHOLD) {
      boolean isBad = random.nextInt(5) == 0;
      cusum.add(isBad ? 0 : 1, isBad ? 1 : 0, 0, 0.01);
      calls++;
    }
    assertTrue(calls < 400, calls + " calls, seed " + seed);
  }

  @Test
  void whatFailsLikeEverybodyIsNotEvenMildlySuspect() {
    for (double rate = 0; rate <= 0.4; rate += 0.01) {
      double p0 = Cusum.p0(rate);
      double p1 = Cusum.mildP1(p0);
      double drift = rate * Math.log(p1 / p0) + (1 - rate) * Math.log((1 - p1) / (1 - p0));
      assertTrue(drift < 0, "rate " + rate + ", drift " + drift);
    }
  }

  /** One made for 0.3 alone takes some 600 calls, and often thousands. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneFailureInTenConvictsWithinAFewHundredToo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int calls = 0;
    while (cusum.score() < Cusum.THRESHOLD) {
      boolean isBad = random.nextInt(10) == 0;
      cusum.add(isBad ? 0 : 1, isBad ? 1 : 0, 0, 0.01);
      calls++;
    }
    assertTrue(calls < 500, calls + " calls, seed " + seed);
  }

  @Test
  void whereMuchFailsElsewhereTotalFailureStillConvictsWithinADozen() {
    for (int i = 0; i < 12; i++) {
      cusum.add(0, 1, 0, 0.2);
    }
    assertTrue(cusum.score() >= Cusum.THRESHOLD, "score " + cusum.score());
  }

  @Test
  void groupsConvictNoSoonerThanTheWorstOrderWould() {
    SplittableRandom random = new SplittableRandom(3);
    Cusum grouped = new Cusum();
    for (int tick = 0; tick < 10_000; tick++) {
      int bad = 0;
      int good = 0;
      for (int i = random.nextInt(20); i > 0; i--) {
        boolean isBad = random.nextInt(100) == 0;
        cusum.add(isBad ? 0 : 1, isBad ? 1 : 0, 0, 0.01);
        bad += isBad ? 1 : 0;
        good += isBad ? 0 : 1;
      }
      grouped.add(good, bad, 0, 0.01);
      assertTrue(grouped.score() <= cusum.score() + 1e-9);
    }
  }
}
