package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.MILLI;
import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import java.util.Random;
import org.junit.jupiter.api.Test;

class C3Test {
  private final FakeNetwork net = FakeNetwork.of(2);
  private final C3 gateway = new C3(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));

  @Test
  void theScoreIsNetworkTimePlusCubedQueueTimesServiceTime() {
    SimAttempt attempt = net.call(gateway);
    net.playFor(25 * MILLI);
    net.succeed(gateway, attempt);
    // A round trip of 10 ms, hence 15 ms of service; the newest weighs 0.9.
    int u = attempt.upstream();
    assertEquals(0.9 * 10 * MILLI + 0.9 * 15 * MILLI, gateway.score(u), 1);
    serveOther(u);
    net.call(gateway);
    net.call(gateway);
    assertEquals(2, gateway.inFlight(u));
    assertEquals(0.9 * 10 * MILLI + 27 * 0.9 * 15 * MILLI, gateway.score(u), 1);
  }

  @Test
  void theLowestScoreIsTaken() {
    SimAttempt slow = net.call(gateway);
    net.playFor(50 * MILLI);
    net.succeed(gateway, slow);
    SimAttempt fast = net.call(gateway);
    net.playFor(12 * MILLI);
    net.succeed(gateway, fast);
    assertEquals(1 - slow.upstream(), fast.upstream());
    for (int i = 0; i < 5; i++) {
      SimAttempt attempt = net.call(gateway);
      assertEquals(fast.upstream(), attempt.upstream());
      net.playFor(12 * MILLI);
      net.succeed(gateway, attempt);
    }
  }

  @Test
  void aFailureCountsAsTheTimeout() {
    SimAttempt attempt = net.call(gateway);
    net.fail(gateway, attempt);
    assertEquals(0.9 * FakeNetwork.TIMEOUT, gateway.score(attempt.upstream()), 1);
  }

  @Test
  void whenAllRatesAreExhaustedCallsWaitInOrderForTheNextToken() {
    while (net.sent.size() < 100) {
      net.call(gateway);
    }
    net.call(gateway);
    net.call(gateway);
    net.call(gateway);
    assertEquals(100, net.sent.size());
    net.playFor(20 * MILLI - 1);
    assertEquals(100, net.sent.size());
    net.playFor(2);
    assertEquals(102, net.sent.size());
    net.playFor(20 * MILLI);
    assertEquals(103, net.sent.size());
    assertEquals(102, net.sent.get(102).call().id());
    assertEquals(0, net.bad.size());
  }

  @Test
  void whoComesLaterWaitsBehindThoseWhoWait() {
    while (net.sent.size() < 100) {
      net.call(gateway);
    }
    net.call(gateway);
    // Another limiter's token is there at the same instant, before those who wait are woken.
    net.schedule(() -> net.call(gateway), 20 * MILLI);
    net.playFor(20 * MILLI + 1);
    assertEquals(100, net.sent.get(100).call().id());
    assertEquals(101, net.sent.get(101).call().id());
  }

  @Test
  void whatIsGivenUpWhileItWaitsIsNotSent() {
    while (net.sent.size() < 100) {
      net.call(gateway);
    }
    SimCall waiting = BaselinesTest.lightCall(1000, net.nanoTime());
    gateway.onCall(waiting);
    net.expire(gateway, waiting);
    net.playFor(SECOND);
    assertEquals(100, net.sent.size());
  }

  @Test
  void theRateGrowsByTenAtMostWhileMoreComesBack() {
    RateLimiter limiter = new RateLimiter();
    limiter.onAnswer(0);
    assertEquals(11, limiter.rate(), 1e-9);
  }

  @Test
  void theRateIsCutToAFifthWhenLessComesBackThanIsSent() {
    RateLimiter limiter = new RateLimiter();
    double before = limiter.rate();
    long now = 0;
    while (limiter.rate() >= before) {
      before = limiter.rate();
      now += 100 * MILLI;
      limiter.onAnswer(now);
      assertTrue(now < 600 * SECOND, "never cut");
    }
    assertEquals(0.2 * before, limiter.rate(), 1e-9);
  }

  @Test
  void theBucketHoldsFiftyTokensAndRefillsAtTheRate() {
    RateLimiter limiter = new RateLimiter();
    for (int i = 0; i < 50; i++) {
      assertEquals(0, limiter.waitNanos(SECOND));
      limiter.take(SECOND);
    }
    assertEquals(20 * MILLI, limiter.waitNanos(SECOND), 1);
    assertEquals(0, limiter.waitNanos(SECOND + 20 * MILLI), 1);
  }

  private void serveOther(int known) {
    SimAttempt other = net.call(gateway);
    assertEquals(1 - known, other.upstream(), "no score at all is the lowest");
    net.fail(gateway, other);
  }
}
