package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.MILLI;
import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrequalTest {
  /** Ten, all of them in the pool of every pick. */
  private final FakeNetwork net = FakeNetwork.of(10);

  private final Prequal gateway =
      new Prequal(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));

  @Test
  void anEstimateIsTheMedianOfTheNearestNumberInFlight() {
    LatencyByRif seen = new LatencyByRif();
    assertTrue(Double.isNaN(seen.medianAt(0)));
    for (int i = 1; i <= 5; i++) {
      seen.add(2, i, 0);
      seen.add(8, 100 * i, 0);
    }
    assertEquals(3, seen.medianAt(2));
    assertEquals(3, seen.medianAt(4));
    assertEquals(300, seen.medianAt(6));
    assertEquals(300, seen.medianAt(1000));
  }

  @Test
  void anEstimateForgetsAllButTheLastFifteen() {
    LatencyByRif seen = new LatencyByRif();
    for (int i = 0; i < 23; i++) {
      seen.add(0, i < 15 ? 1 : 9, 0);
    }
    assertEquals(9, seen.medianAt(0));
  }

  @Test
  void theFastestIsTakenWhileItIsCold() {
    learn();
    for (int i = 0; i < 20; i++) {
      SimAttempt attempt = net.call(gateway);
      assertEquals(0, attempt.upstream());
      net.playFor(MILLI);
      net.succeed(gateway, attempt);
    }
  }

  @Test
  void aboveTheQuantileTheFastestIsHotAndAnotherIsTaken() {
    learn();
    // The 0.84 quantile of {0 x 9, n} is 0: with one in flight the fastest is hot.
    assertEquals(0, net.call(gateway).upstream());
    assertEquals(1, net.call(gateway).upstream());
    assertEquals(2, net.call(gateway).upstream());
    // {0 x 7, 1 x 3}: the quantile is 1, nobody is hot, and the first is the fastest again.
    assertEquals(0, net.call(gateway).upstream());
  }

  @Test
  void aFailureIsWorthATimeout() {
    learn();
    SimAttempt first = net.call(gateway);
    assertEquals(0, first.upstream());
    net.fail(gateway, first);
    assertEquals(1, net.call(gateway).upstream());
  }

  @Test
  void ofWhomNothingWasHeardForFiveSecondsOneCallFindsOut() {
    learn();
    net.playFor(6 * SECOND);
    List<Integer> tried = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tried.add(net.call(gateway).upstream());
    }
    assertEquals(10, tried.stream().distinct().count());
  }

  @Test
  void onlySixteenAreInThePool() {
    FakeNetwork many = FakeNetwork.of(60);
    Prequal pooled = new Prequal(many, many.scenario(), new Random(2));
    for (int i = 0; i < 60; i++) {
      SimAttempt attempt = many.call(pooled);
      many.playFor((attempt.upstream() + 1) * MILLI / 10);
      many.succeed(pooled, attempt);
    }
    int best = 0;
    for (int i = 0; i < 1000; i++) {
      SimAttempt attempt = many.call(pooled);
      best += attempt.upstream() == 0 ? 1 : 0;
      many.playFor((attempt.upstream() + 1) * MILLI / 10);
      many.succeed(pooled, attempt);
    }
    assertNotEquals(0, best);
    assertEquals(1000 * 16 / 60.0, best, 60);
  }

  /** Everyone serves one call, the first quickest. */
  private void learn() {
    List<SimAttempt> attempts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      attempts.add(net.call(gateway));
    }
    for (int u = 0; u < 10; u++) {
      int upstream = u;
      net.playFor(MILLI);
      attempts.stream().filter(a -> a.upstream() == upstream).forEach(a -> net.succeed(gateway, a));
    }
  }
}
