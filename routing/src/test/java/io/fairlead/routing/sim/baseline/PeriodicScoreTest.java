package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.sim.baseline.FakeNetwork.MILLI;
import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Settings;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodicScoreTest {
  private final FakeNetwork net = FakeNetwork.of(4);

  @Test
  void everyCallGoesToTheFirstAndARetryToTheNext() {
    PeriodicScore gateway = gateway(3);
    for (int i = 0; i < 10; i++) {
      net.call(gateway);
    }
    net.fail(gateway, net.sent.get(0));
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, net.sentSince(0));
  }

  @Test
  void beyondTheFirstsBudgetOfASecondCallsGoToTheNext() {
    PeriodicScore gateway = gateway(1);
    for (int i = 0; i < 7; i++) {
      net.call(gateway, MethodClass.TRACE);
    }
    net.playTo(SECOND - 1);
    net.call(gateway, MethodClass.TRACE);
    net.playTo(SECOND);
    for (int i = 0; i < 6; i++) {
      net.call(gateway, MethodClass.TRACE);
    }
    int[] expected = {0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1};
    assertArrayEquals(expected, net.sentSince(0));
  }

  @Test
  void severalGatewaysShareTheBudgets() {
    int taken = 0;
    for (int seed = 0; seed < 50; seed++) {
      RateBudgets part = new RateBudgets(1, 50, new Random(seed));
      for (int second = 0; second < 100; second++) {
        for (int i = 0; i < 9; i++) {
          taken += part.tryTake(0, MethodClass.TRACE, second * SECOND) ? 1 : 0;
        }
      }
    }
    // Five a second for all fifty together.
    assertEquals(500, taken, 70);
  }

  @Test
  void beyondAllBudgetsCallsAreSpread() {
    PeriodicScore gateway = gateway(1);
    for (int i = 0; i < 100; i++) {
      net.call(gateway, MethodClass.TRACE);
    }
    for (int u = 0; u < 4; u++) {
      assertTrue(gateway.inFlight(u) > 10);
    }
  }

  @Test
  void theFirstAtTheStartIsTheNearest() {
    net.rttMillis[0] = 80;
    net.rttMillis[1] = 35;
    net.rttMillis[2] = 2;
    assertEquals(2, gateway(3).primary(LIGHT));
  }

  @Test
  void aSlowFirstIsReplacedAtTheNextEvaluationAndItsSuccessorHeldForThirtySeconds() {
    PeriodicScore gateway = gateway(1);
    serve(gateway, 400, 15 * SECOND - 1);
    assertEquals(0, gateway.primary(LIGHT));
    serve(gateway, 400, 15 * SECOND);
    assertEquals(1, gateway.primary(LIGHT));
    serve(gateway, 400, 45 * SECOND - 1);
    assertEquals(1, gateway.primary(LIGHT));
    serve(gateway, 400, 45 * SECOND);
    assertEquals(2, gateway.primary(LIGHT));
  }

  @Test
  void whoIsALittleSlowerStaysFirst() {
    PeriodicScore gateway = gateway(1);
    serve(gateway, 18, 200 * SECOND);
    assertEquals(0, gateway.primary(LIGHT));
  }

  @Test
  void whoFailsMostlyIsExcludedAtTheNextEvaluationAndMirroredTo() {
    PeriodicScore gateway = gateway(1);
    for (int i = 0; i < 11; i++) {
      net.fail(gateway, net.call(gateway));
    }
    assertEquals(0, gateway.primary(LIGHT));
    net.playTo(15 * SECOND);
    assertEquals(1, gateway.primary(LIGHT));
    assertEquals(List.of(0), net.ejected);
    int polled = net.probed.size();
    for (int i = 0; i < 200; i++) {
      net.succeed(gateway, net.call(gateway));
    }
    assertEquals(List.of(0, 0, 0, 0), net.probed.subList(polled, net.probed.size()));
  }

  @Test
  void silenceMovesNeitherScoreNorBreaker() {
    PeriodicScore gateway = gateway(1);
    for (int i = 0; i < 500; i++) {
      SimAttempt attempt = net.call(gateway);
      net.playFor(100 * MILLI);
      net.expire(gateway, attempt.call());
    }
    assertEquals(0, gateway.primary(LIGHT));
    assertEquals(List.of(), net.ejected);
  }

  @Test
  void aHedgeGoesToTheNextAfterAHundredMillisecondsAndTheLoserIsCancelled() {
    PeriodicScore gateway = new PeriodicScore(net, net.scenario(Settings.DEFAULT), new Random(1));
    SimAttempt first = net.call(gateway);
    net.playFor(100 * MILLI - 1);
    assertEquals(1, net.sent.size());
    net.playFor(1);
    assertArrayEquals(new int[] {0, 1}, net.sentSince(0));
    net.succeed(gateway, net.sent.get(1));
    assertEquals(List.of(first), net.cancelled);
    net.playFor(SECOND);
    assertEquals(2, net.sent.size());
  }

  @Test
  void thereAreTwoHedgesAtMostAndNoneForWrites() {
    PeriodicScore gateway = new PeriodicScore(net, net.scenario(Settings.DEFAULT), new Random(1));
    net.call(gateway);
    net.playFor(SECOND);
    assertArrayEquals(new int[] {0, 1, 2}, net.sentSince(0));
    SimCall write =
        new SimCall(9, net.nanoTime(), new SimCall.Traits(MethodClass.WRITE, false, false));
    gateway.onCall(write);
    net.playFor(SECOND);
    assertEquals(4, net.sent.size());
  }

  @Test
  void sixteenBlocksBehindIsExcludedAndFifteenIsNot() {
    net.heads[0] = 84;
    net.heads[1] = 85;
    net.heads[2] = 100;
    net.heads[3] = 100;
    PeriodicScore gateway = gateway(1);
    assertEquals(List.of(0), net.ejected);
    assertEquals(2, gateway.primary(LIGHT));
  }

  @Test
  void theBreakerOpensAtTwentyFailuresAmongEightyAndTriesAgainAfterFiveMinutes() {
    Breaker breaker = new Breaker();
    for (int i = 0; i < 79; i++) {
      breaker.put(i >= 20, 0);
    }
    assertTrue(breaker.isPermitting(0));
    breaker.put(true, 0);
    assertFalse(breaker.isPermitting(300 * SECOND - 1));
    assertTrue(breaker.isPermitting(300 * SECOND));
    breaker.put(false, 300 * SECOND);
    assertFalse(breaker.isPermitting(301 * SECOND));
    for (int i = 0; i < 200; i++) {
      breaker.put(true, 600 * SECOND);
    }
    assertFalse(breaker.isOpen());
  }

  @Test
  void nineteenAmongTheLastEightyDoNotOpenTheBreaker() {
    Breaker breaker = new Breaker();
    for (int i = 0; i < 1000; i++) {
      breaker.put(i % 80 >= 19, 0);
    }
    assertTrue(breaker.isPermitting(0));
  }

  @Test
  void aWindowForgetsASliceAfterFourTurns() {
    ScoreWindow window = new ScoreWindow();
    window.addGood(10);
    window.addBad();
    window.addLimited();
    window.addLimited();
    for (int i = 0; i < 3; i++) {
      window.rotate();
      assertEquals(4, window.samples());
      assertEquals(0.25, window.errorRate());
      assertEquals(0.5, window.throttledRate());
    }
    window.rotate();
    assertEquals(0, window.samples());
    assertEquals(0, window.quantileMillis(0.7));
  }

  @Test
  void aQuantileIsExactToSevenPercent() {
    ScoreWindow window = new ScoreWindow();
    for (int i = 1; i <= 1000; i++) {
      window.addGood(i);
    }
    assertEquals(700, window.quantileMillis(0.7), 0.075 * 700);
    assertEquals(10, window.quantileMillis(0.01), 0.075 * 10);
  }

  /** One that evaluates at 0 s, 15 s, 30 s and on. */
  private PeriodicScore gateway(int attempts) {
    Random inPhase =
        new Random(1) {
          @Override
          public long nextLong(long bound) {
            return 0;
          }
        };
    return new PeriodicScore(net, net.scenario(FakeNetwork.attempts(attempts)), inPhase);
  }

  /** Answers every call after so long, until an instant. */
  private void serve(PeriodicScore gateway, long millis, long untilNanos) {
    while (net.nanoTime() + millis * MILLI < untilNanos) {
      SimAttempt attempt = net.call(gateway);
      net.playFor(millis * MILLI);
      net.succeed(gateway, attempt);
    }
    net.playTo(untilNanos);
  }
}
