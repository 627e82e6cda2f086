package io.fairlead.routing.control;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.READ;
import static io.fairlead.routing.MethodClass.TRACE;
import static io.fairlead.routing.control.World.MILLI;
import static io.fairlead.routing.control.World.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.Interval;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LearnedLimitTest {
  private static final long LOOK = 200 * MILLI;

  private final LearnedLimit limit = new LearnedLimit();
  private long rttNanos = 2 * MILLI;
  private long now = 50 * SECOND;

  /** Looks: so many in flight, and 20 calls of a class each that take so long. */
  private LearnedLimit look(int times, int inFlight, MethodClass c, double millis) {
    for (int k = 0; k < times; k++) {
      now += LOOK;
      limit.onInFlight(inFlight, 0);
      answer(c, millis);
    }
    return limit;
  }

  private void answer(MethodClass c, double millis) {
    Histogram histogram = new Histogram(3);
    for (int i = 0; i < 20; i++) {
      histogram.recordValue((long) (1000 * millis * (0.9 + 0.01 * i)));
    }
    limit.onLatency(c, new Interval().read(histogram));
    limit.review(rttNanos, now);
  }

  private void learn() {
    look(5, 10, LIGHT, 4);
    look(3, 40, LIGHT, 30);
    assertTrue(limit.isKnown());
  }

  @Test
  void itIsUnknownUntilLightCallsAreLateTwiceInARow() {
    look(50, 20, LIGHT, 4);
    assertFalse(limit.isKnown());
    look(1, 40, LIGHT, 30);
    assertFalse(limit.isKnown());
    look(1, 40, LIGHT, 30);
    assertEquals(22, limit.limit(), "0.7 of the 32 assumed");
  }

  @Test
  void untilItIsKnownWhatIsAssumedDoublesWhileItIsUsed() {
    assertEquals(16, limit.assumed());
    look(10, 5, LIGHT, 4);
    assertEquals(16, limit.assumed());
    look(2, 15, LIGHT, 4);
    assertEquals(32, limit.assumed());
    look(2, 30, LIGHT, 4);
    assertEquals(64, limit.assumed());
    assertFalse(limit.isKnown());
  }

  @Test
  void withNobodyLightToTellItDoublesOnceASecond() {
    look(1, 12, LIGHT, 4);
    for (int k = 0; k < 10; k++) {
      now += LOOK;
      limit.onInFlight(25, 0);
      limit.onLatency(TRACE, new Interval().read(oneOf(700)));
      limit.review(rttNanos, now);
    }
    assertEquals(64, limit.assumed());
  }

  private static Histogram oneOf(long millis) {
    Histogram histogram = new Histogram(3);
    histogram.recordValue(1000 * millis);
    return histogram;
  }

  @Test
  void whoAnswersNobodyIsNotTakenForOneWithRoom() {
    for (int k = 0; k < 50; k++) {
      now += LOOK;
      limit.onInFlight(25, 12);
      limit.review(rttNanos, now);
    }
    assertEquals(16, limit.assumed());
  }

  @Test
  void overdueCallsAreLateBeforeTheyEnd() {
    look(5, 10, LIGHT, 4);
    for (int k = 0; k < 2; k++) {
      now += LOOK;
      limit.onInFlight(40, 12);
      limit.onOverdue(LIGHT, 20);
      limit.review(rttNanos, now);
    }
    assertEquals(11, limit.limit(), "0.7 of the 16 assumed");
  }

  @Test
  void whatWasCarriedOnTimeLatelyIsNotTakenBackInAJam() {
    look(5, 20, LIGHT, 4);
    look(40, 60, LIGHT, 30);
    assertTrue(limit.limit() >= 20, "" + limit.limit());
    for (int k = 0; k < 120; k++) {
      look(1, 60, LIGHT, 30 * Math.pow(1.05, k));
    }
    assertTrue(limit.limit() < 20, "after twenty seconds it is of the past: " + limit.limit());
  }

  @Test
  void heavyCallsBeginWithAFewAndGrowWhileLightCallsAreOnTime() {
    assertEquals(HeavyRoom.FLOOR, limit.mostHeavy());
    heavyLook(3, HeavyRoom.FLOOR, 4);
    assertEquals(HeavyRoom.FLOOR + 3, limit.mostHeavy());
    heavyLook(20, 2, 4);
    assertEquals(HeavyRoom.FLOOR + 3, limit.mostHeavy(), "unused room does not grow");
  }

  @Test
  void heavyCallsThatMakeLightOnesWaitLoseTheirRoomAndNoMoreThanThat() {
    for (int k = 0; k < 20; k++) {
      heavyLook(1, limit.mostHeavy(), 4);
    }
    int before = limit.mostHeavy();
    heavyLook(3, before, 30);
    assertTrue(limit.mostHeavy() < before, "" + limit.mostHeavy());
    for (int k = 0; k < 40; k++) {
      heavyLook(1, 20, 30);
    }
    assertEquals(HeavyRoom.FLOOR, limit.mostHeavy());
  }

  private void heavyLook(int times, int heavy, double lightMillis) {
    for (int k = 0; k < times; k++) {
      now += LOOK;
      for (int i = 0; i < 10; i++) {
        limit.onInFlight(heavy + 1, heavy);
      }
      answer(LIGHT, lightMillis);
    }
  }

  @Test
  void heavyWorkAloneNeverCuts() {
    look(50, 40, TRACE, 700);
    look(50, 400, TRACE, 30_000);
    assertFalse(limit.isKnown());
    assertEquals(Integer.MAX_VALUE, limit.limit());
  }

  @Test
  void withoutLightCallsReadsTellTheSame() {
    look(5, 10, READ, 20);
    look(2, 40, READ, 80);
    assertTrue(limit.isKnown());
  }

  @Test
  void latenessWithLittleInFlightIsNotItsQueue() {
    look(5, 3, LIGHT, 4);
    look(20, 3, LIGHT, 60);
    assertFalse(limit.isKnown());
  }

  @Test
  void theJitterOfALongWayIsNotAQueue() {
    rttNanos = 150 * MILLI;
    look(5, 30, LIGHT, 152);
    look(10, 30, LIGHT, 170);
    assertFalse(limit.isKnown());
    look(3, 30, LIGHT, 240);
    assertTrue(limit.isKnown());
  }

  @Test
  void itGrowsByOneAtEachLookWhileItIsUsedAndLightCallsAreOnTime() {
    learn();
    int before = limit.limit();
    look(5, before, LIGHT, 4);
    assertEquals(before + 5, limit.limit(), 1);
  }

  @Test
  void whoIdlesKeepsIt() {
    learn();
    int before = limit.limit();
    look(1000, 1, LIGHT, 4);
    assertEquals(before, limit.limit());
  }

  @Test
  void itNeverFallsBelowTheFloor() {
    learn();
    for (int k = 0; k < 60; k++) {
      look(1, 40, LIGHT, 900);
      limit.onLimited();
    }
    assertEquals(LearnedLimit.FLOOR, limit.limit());
  }

  @Test
  void a429CutsItByAFifthAndMeansNothingWhileItIsUnknown() {
    limit.onLimited();
    assertFalse(limit.isKnown());
    learn();
    int before = limit.limit();
    limit.onLimited();
    assertEquals(0.8 * before, limit.limit(), 1);
  }

  @Test
  void whoBecameSlowByItselfIsForgivenAfterTwentySeconds() {
    learn();
    look(40, 18, LIGHT, 30);
    int low = limit.limit();
    look(80, 18, LIGHT, 30);
    assertTrue(limit.limit() >= low + 10, low + " then " + limit.limit());
  }

  @Test
  void afterACutNothingIsDecidedUntilTheQueueHasDrained() {
    look(5, 10, LIGHT, 4);
    look(2, 40, LIGHT, 30);
    int cut = limit.limit();
    look(1, 40, LIGHT, 30);
    assertEquals(cut, limit.limit());
  }
}
