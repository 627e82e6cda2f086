package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainLengthTest {
  private static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final TrainLength length = new TrainLength();
  private long now;

  private int most() {
    return length.most(() -> now);
  }

  private void gaps(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      length.onFollowing(nanos, false, now);
    }
  }

  @Test
  void twoMayGoTogetherBeforeAnythingIsKnown() {
    assertEquals(2, most());
  }

  @Test
  void quickAnswersMakeTrainsLongSlowOnesEndThem() {
    gaps(100, 10 * MICRO);
    assertEquals(TrainLength.MOST, most());
    gaps(20, 5 * MILLI);
    assertEquals(1, most());
  }

  @Test
  void theLastWaitsNoLongerThanTheBudgetInTheMean() {
    gaps(400, 99 * MICRO);
    assertEquals(6, most());
  }

  @Test
  void farUpstreamsHaveLargerBudgets() {
    for (int i = 0; i < 200; i++) {
      length.onFirst(40 * MILLI);
    }
    gaps(200, MILLI);
    assertTrue(most() >= 4 && most() <= 5, () -> "" + most());
    assertTrue(length.patienceNanos(false) > 100 * MILLI);
  }

  @Test
  void aPauseOfTheWholeServerSaysNothingOfTheCallsInATrain() {
    gaps(100, 10 * MICRO);
    for (int i = 0; i < 100; i++) {
      length.onFollowing(50 * MILLI, true, now);
    }
    assertEquals(TrainLength.MOST, most());
    gaps(100, 100 * MILLI);
    assertEquals(1, most());
  }

  @Test
  void whereNobodyMayShareTwoAreTriedEverMoreSeldom() {
    gaps(6, 5 * MILLI);
    now += TrainLength.RETRY_NANOS - 1;
    assertEquals(1, most());
    now++;
    for (long pause = 2 * TrainLength.RETRY_NANOS; pause > 0; pause = doubled(pause)) {
      assertEquals(2, most());
      gaps(1, 5 * MILLI);
      now += pause - 1;
      assertEquals(1, most());
      now++;
    }
    assertEquals(2, most());
  }

  private static long doubled(long pause) {
    return pause < TrainLength.MOST_RETRY_NANOS ? 2 * pause : 0;
  }

  @Test
  void whereTwoWereWellTogetherTheyAreTriedSoonAgain() {
    gaps(6, 5 * MILLI);
    now += TrainLength.RETRY_NANOS;
    assertEquals(2, most());
    gaps(100, 10 * MICRO);
    assertEquals(TrainLength.MOST, most());
    gaps(6, 5 * MILLI);
    assertEquals(1, most());
    now += TrainLength.RETRY_NANOS;
    assertEquals(2, most());
  }

  @Test
  void whoSomebodyWaitedForInVainHasNoTrainsForAMoment() {
    gaps(100, 10 * MICRO);
    length.onWhole();
    length.onStuck(now);
    assertEquals(1, most());
    now += TrainLength.RETRY_NANOS;
    assertEquals(2, most());
  }

  @Test
  void whoLetsTheFirstTrainsStickHasNoneForAMinute() {
    length.onStuck(now);
    now += TrainLength.OFF_NANOS - 1;
    assertEquals(1, most());
    now++;
    assertEquals(2, most());
  }

  @Test
  void patienceDoesNotGrowWithWhatItCosts() {
    for (int i = 0; i < 200; i++) {
      length.onFirst(60_000 * MILLI);
    }
    assertEquals(500 * MILLI, length.patienceNanos(false));
    assertEquals(1000 * MILLI, length.patienceNanos(true));
  }

  @Test
  void whoOftenClosesBehindAnAnswerHasNoTrainsForAMinute() {
    gaps(100, 10 * MICRO);
    for (int i = 0; i < 100; i++) {
      length.onWhole();
    }
    length.onBroken(now);
    assertEquals(TrainLength.MOST, most());
    for (int i = 0; i < 5; i++) {
      length.onBroken(now);
    }
    assertEquals(1, most());
    now += TrainLength.OFF_NANOS - 1;
    assertEquals(1, most());
    now++;
    assertEquals(2, most());
  }

  @Test
  void whoClosesOnceInAThousandAnswersKeepsItsTrains() {
    gaps(100, 10 * MICRO);
    for (int i = 0; i < 1000; i++) {
      if (i % 60 == 0) {
        length.onBroken(now);
      } else {
        length.onWhole();
      }
      assertEquals(TrainLength.MOST, most());
    }
  }
}
