package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.MILLI;
import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Least request and both kinds of peak EWMA. */
class TwoChoicesTest {
  private final FakeNetwork net = FakeNetwork.of(2);

  @Test
  void leastRequestTakesTheBusierOnlyWhenItIsDrawnTwice() {
    Baseline gateway = new LeastRequest(net, net.scenario(), new Random(1));
    SimAttempt held = net.call(gateway);
    int busier = 0;
    for (int i = 0; i < 10_000; i++) {
      SimAttempt attempt = net.call(gateway);
      busier += attempt.upstream() == held.upstream() ? 1 : 0;
      net.succeed(gateway, attempt);
    }
    assertEquals(2_500, busier, 150);
  }

  @Test
  void finaglesAverageJumpsToAPeakAtOnceAndDecaysWithTau() {
    PeakEwma gateway = new PeakEwma(net, net.scenario(), new Random(1));
    int u = succeedAfter(gateway, 20 * MILLI);
    assertEquals(20 * MILLI, gateway.load(u, net.nanoTime()), 1);
    net.playFor(10 * SECOND);
    assertEquals(20 * MILLI / Math.E, gateway.load(u, net.nanoTime()), 1);
  }

  @Test
  void finaglesLoadGrowsWithWhatIsPending() {
    PeakEwma gateway = new PeakEwma(net, net.scenario(), new Random(1));
    int u = succeedAfter(gateway, 20 * MILLI);
    int other = net.call(gateway).upstream();
    assertEquals(1 - u, other, "the one without history is tried first");
    assertTrue(gateway.load(other, net.nanoTime()) > 1e14, "an unproven one is tried once");
    assertEquals(u, net.call(gateway).upstream());
    assertEquals(2 * 20 * MILLI, gateway.load(u, net.nanoTime()), 1);
  }

  @Test
  void finagleTakesAFastErrorForAFastAnswer() {
    PeakEwma gateway = new PeakEwma(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));
    SimAttempt attempt = net.call(gateway);
    net.playFor(MILLI);
    net.fail(gateway, attempt);
    assertEquals(MILLI, gateway.load(attempt.upstream(), net.nanoTime()), 1);
  }

  @Test
  void linkerdCountsAFailureAsFiveSecondsAndForgetsWithTau() {
    PenalisedPeakEwma gateway =
        new PenalisedPeakEwma(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));
    SimAttempt attempt = net.call(gateway);
    net.playFor(MILLI);
    net.fail(gateway, attempt);
    assertEquals(5e9, gateway.load(attempt.upstream(), net.nanoTime()), 1);
    net.playFor(10 * SECOND);
    assertEquals(5e9 / Math.E, gateway.load(attempt.upstream(), net.nanoTime()), 1);
  }

  @Test
  void linkerdsLoadGrowsWithWhatIsPending() {
    PenalisedPeakEwma gateway = new PenalisedPeakEwma(net, net.scenario(), new Random(1));
    int u = net.call(gateway).upstream();
    assertEquals(2 * 30 * MILLI, gateway.load(u, net.nanoTime()), 1);
    assertEquals(1 - u, net.call(gateway).upstream());
  }

  @Test
  void linkerdPenalisesALimitAsWell() {
    PenalisedPeakEwma gateway = new PenalisedPeakEwma(net, net.scenario(), new Random(1));
    SimAttempt attempt = net.call(gateway);
    net.end(gateway, attempt, AttemptResult.LIMITED, false);
    assertEquals(5e9, gateway.load(attempt.upstream(), net.nanoTime()), 1);
  }

  @Test
  void linkerdMovesTowardsAFasterAnswerByTheTimeThatPassed() {
    PenalisedPeakEwma gateway = new PenalisedPeakEwma(net, net.scenario(), new Random(1));
    SimAttempt attempt = net.call(gateway);
    net.playFor(10 * MILLI);
    net.succeed(gateway, attempt);
    double kept = Math.exp(-0.001);
    double expected = 30 * MILLI * kept + 10 * MILLI * (1 - kept);
    assertEquals(expected, gateway.load(attempt.upstream(), net.nanoTime()), 1);
  }

  @Test
  void whatIsGivenUpCountsWithTheTimeItTook() {
    PeakEwma finagle = new PeakEwma(net, net.scenario(), new Random(1));
    PenalisedPeakEwma linkerd = new PenalisedPeakEwma(net, net.scenario(), new Random(1));
    SimAttempt one = net.call(finagle);
    SimAttempt two = net.call(linkerd);
    net.playFor(3 * SECOND);
    net.expire(finagle, one.call());
    net.expire(linkerd, two.call());
    assertEquals(3e9, finagle.load(one.upstream(), net.nanoTime()), 1);
    assertEquals(3e9, linkerd.load(two.upstream(), net.nanoTime()), 1);
  }

  private int succeedAfter(Baseline gateway, long nanos) {
    SimAttempt attempt = net.call(gateway);
    net.playFor(nanos);
    net.succeed(gateway, attempt);
    return attempt.upstream();
  }
}
