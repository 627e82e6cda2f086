package io.fairlead.routing.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;

  @Test
  void aNewBudgetHoldsTenSecondsOfItsFloor() {
    assertEquals(30, new Budget(0, 3, () -> now).balance());
  }

  @Test
  void tokensInAdvanceSurviveAFailureRightAfterTheStartAndFade() {
    Budget budget = new Budget(0.1, 3, 100, () -> now);
    for (int i = 0; i < 100; i++) {
      assertTrue(budget.tryWithdraw());
    }
    assertFalse(budget.tryWithdraw());
    Budget unused = new Budget(0.1, 3, 100, () -> now);
    now += 120 * SECOND;
    assertEquals(30, unused.balance(), 0.01);
  }

  @Test
  void theFloorRefillsIt() {
    Budget budget = new Budget(0, 3, () -> now);
    while (budget.tryWithdraw()) {}
    now += SECOND;
    int taken = 0;
    while (budget.tryWithdraw()) {
      taken++;
    }
    assertEquals(2, taken, 1);
  }

  @Test
  void inTheLongRunOneTenthOfTheCallsMayBeRepeated() {
    Budget budget = new Budget(0.1, 0, () -> now);
    int taken = 0;
    int calls = 100_000;
    for (int i = 0; i < calls; i++) {
      now += SECOND / 1000;
      budget.deposit();
      taken += budget.tryWithdraw() ? 1 : 0;
    }
    assertTrue(taken <= 0.1 * calls, "taken " + taken);
    assertTrue(taken >= 0.099 * calls, "taken " + taken);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void itNeverOwesNorGivesMoreThanItsBoundWhateverHappens(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double ratio = random.nextDouble();
    double perSecond = 10 * random.nextDouble();
    Budget budget = new Budget(ratio, perSecond, 50 * random.nextDouble(), () -> now);
    double most = budget.balance();
    int taken = 0;
    for (int k = 0; k < 20_000; k++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          budget.deposit();
          most += ratio;
        }
        case 1 -> {
          long elapsed = random.nextLong(SECOND / 10);
          now += elapsed;
          most += perSecond * elapsed / SECOND;
        }
        default -> taken += budget.tryWithdraw() ? 1 : 0;
      }
      assertTrue(budget.balance() >= 0, "seed " + seed + ", balance " + budget.balance());
      assertTrue(taken <= most + 1e-6, "seed " + seed + ", taken " + taken + " of " + most);
    }
  }

  @Test
  void savedTokensCoverABlackHoleUntilItIsConvicted() {
    Budget budget = new Budget(0.1, 3, () -> now);
    for (int i = 0; i < 30_000; i++) {
      now += SECOND / 1000;
      budget.deposit();
    }
    int taken = 0;
    while (budget.tryWithdraw()) {
      taken++;
    }
    assertTrue(taken > 900 && taken <= 1030, "a second's worth of 1000 calls/s: " + taken);
  }

  @Test
  void withoutAnyRateNothingIsAllowed() {
    assertFalse(new Budget(0, 0, () -> now).tryWithdraw());
    assertThrows(IllegalArgumentException.class, () -> new Budget(-1, 0, () -> now));
  }
}
