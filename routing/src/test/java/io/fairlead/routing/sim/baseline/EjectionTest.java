package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.MILLI;
import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The gateways around the detectors of Envoy and gRPC. */
class EjectionTest {
  private final FakeNetwork net = FakeNetwork.of(30);

  @Test
  void whomEnvoyEjectedGetsNoCallsUntilItReturns() {
    Baseline gateway = new EnvoyEjection(net, net.scenario(), new Random(1));
    failUntilEjected(gateway, 4, AttemptResult.FAILED);
    assertEquals(List.of(4), net.ejected);
    assertEquals(0, countOf(gateway, 4, 3000));
    net.playTo(40 * SECOND);
    assertEquals(List.of(4), net.returned);
    assertTrue(countOf(gateway, 4, 3000) > 50);
  }

  @Test
  void aLimitIsASuccessToEnvoy() {
    Baseline gateway = new EnvoyEjection(net, net.scenario(), new Random(1));
    for (int i = 0; i < 1000; i++) {
      net.end(gateway, net.call(gateway), AttemptResult.LIMITED, false);
    }
    assertEquals(List.of(), net.ejected);
  }

  @Test
  void fiveTimeoutsInARowEjectToo() {
    Baseline gateway = new EnvoyEjection(net, net.scenario(), new Random(1));
    failUntilEjected(gateway, 9, AttemptResult.TIMED_OUT);
    assertEquals(List.of(9), net.ejected);
  }

  @Test
  void envoyPanicsWhenFewerThanHalfAreLeft() {
    FakeNetwork one = FakeNetwork.of(1);
    Baseline gateway = new EnvoyEjection(one, one.scenario(FakeNetwork.attempts(1)), new Random(1));
    for (int i = 0; i < 6; i++) {
      one.fail(gateway, one.call(gateway));
    }
    assertEquals(List.of(0), one.ejected);
    assertEquals(6, one.sent.size());
  }

  @Test
  void grpcStartsWithEqualWeightsAndThenFollowsCapacity() {
    GrpcEjection gateway = new GrpcEjection(net, net.scenario(), new Random(1));
    Arrays.fill(net.rttMillis, 2);
    for (int second = 0; second < 9; second++) {
      serve(gateway);
      assertEquals(gateway.weight(1), gateway.weight(0), 1e-9);
    }
    for (int second = 9; second < 14; second++) {
      serve(gateway);
    }
    // Upstream 0 holds a call 20 ms, all others 10 ms.
    assertEquals(gateway.weight(1) / 2, gateway.weight(0), 1e-9);
  }

  @Test
  void errorsThatAServerReportsLowerItsWeight() {
    GrpcEjection gateway =
        new GrpcEjection(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));
    Arrays.fill(net.rttMillis, 2);
    for (int second = 0; second < 14; second++) {
      for (int i = 0; i < 30; i++) {
        SimAttempt attempt = net.call(gateway);
        net.playFor(10 * MILLI);
        boolean isBad = attempt.upstream() == 0;
        net.end(gateway, attempt, isBad ? AttemptResult.FAILED : AttemptResult.SUCCESS, true);
      }
      net.playFor(SECOND - 300 * MILLI);
    }
    assertTrue(gateway.weight(0) < 0.2 * gateway.weight(1));
  }

  @Test
  void whomGrpcEjectedGetsNoCalls() {
    Baseline gateway = new GrpcEjection(net, net.scenario(FakeNetwork.attempts(1)), new Random(1));
    for (int i = 0; i < 30 * 100; i++) {
      SimAttempt attempt = net.call(gateway);
      boolean isBad = attempt.upstream() == 3;
      net.end(gateway, attempt, isBad ? AttemptResult.FAILED : AttemptResult.SUCCESS, false);
    }
    net.playTo(10 * SECOND);
    assertEquals(List.of(3), net.ejected);
    assertEquals(0, countOf(gateway, 3, 300));
  }

  private void serve(Baseline gateway) {
    for (int i = 0; i < 30; i++) {
      SimAttempt attempt = net.call(gateway);
      net.playFor((attempt.upstream() == 0 ? 22 : 12) * MILLI);
      net.succeed(gateway, attempt);
    }
    net.playTo((net.nanoTime() / SECOND + 1) * SECOND);
  }

  /** Lets one upstream fail and all others succeed until somebody is ejected. */
  private void failUntilEjected(Baseline gateway, int bad, AttemptResult how) {
    for (int i = 0; i < 5000 && net.ejected.isEmpty(); i++) {
      SimAttempt attempt = net.call(gateway);
      if (attempt.upstream() != bad) {
        net.succeed(gateway, attempt);
      } else if (how == AttemptResult.TIMED_OUT) {
        net.expire(gateway, attempt.call());
      } else {
        net.end(gateway, attempt, how, true);
        net.succeed(gateway, net.sent.get(net.sent.size() - 1));
      }
    }
    assertFalse(net.ejected.isEmpty());
  }

  private long countOf(Baseline gateway, int upstream, int calls) {
    long count = 0;
    for (int i = 0; i < calls; i++) {
      SimAttempt attempt = net.call(gateway);
      count += attempt.upstream() == upstream ? 1 : 0;
      net.succeed(gateway, attempt);
    }
    return count;
  }
}
