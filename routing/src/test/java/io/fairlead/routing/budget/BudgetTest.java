package io.fairlead.routing.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

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
