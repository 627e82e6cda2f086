package io.fairlead.routing.sim.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What all baselines share. */
class BaselineTest {
  private final FakeNetwork net = FakeNetwork.of(4);
  private final Baseline gateway = new RoundRobin(net, net.scenario(), new Random(1));

  @Test
  void aFailureIsSentElsewhereUntilTheAttemptsAreSpent() {
    net.fail(gateway, net.call(gateway));
    net.fail(gateway, net.sent.get(1));
    assertEquals(List.of(), net.bad);
    net.fail(gateway, net.sent.get(2));
    assertArrayEquals(new int[] {0, 1, 2}, net.sentSince(0));
    assertEquals(List.of(0L), net.bad);
  }

  @Test
  void whoWasTriedIsTriedAgainOnlyWhenThereIsNobodyElse() {
    FakeNetwork two = FakeNetwork.of(2);
    Baseline least = new LeastRequest(two, two.scenario(), new Random(2));
    for (int i = 0; i < 20; i++) {
      int before = two.sent.size();
      two.fail(least, two.call(least));
      int first = two.sent.get(before).upstream();
      assertNotEquals(first, two.sent.get(before + 1).upstream());
      two.fail(least, two.sent.get(before + 1));
      two.succeed(least, two.sent.get(before + 2));
    }
    assertEquals(20, two.good.size());
  }

  @Test
  void aWriteThatMayHaveBeenProcessedIsNotSentTwice() {
    net.fail(gateway, net.call(gateway, MethodClass.WRITE));
    assertEquals(List.of(0L), net.bad);
    assertEquals(1, net.sent.size());
  }

  @Test
  void aWriteThatWasRefusedIsSentElsewhere() {
    net.end(gateway, net.call(gateway, MethodClass.WRITE), AttemptResult.FAILED, false);
    net.succeed(gateway, net.sent.get(1));
    assertEquals(List.of(0L), net.good);
  }

  @Test
  void anErrorOfTheClientsOwnIsAGoodAnswer() {
    net.end(gateway, net.call(gateway), AttemptResult.CLIENT_ERROR, true);
    assertEquals(List.of(0L), net.good);
  }

  @Test
  void aDeadlineCancelsWhatIsInFlight() {
    SimAttempt attempt = net.call(gateway);
    assertEquals(1, gateway.inFlight(0));
    net.expire(gateway, attempt.call());
    assertEquals(List.of(attempt), net.cancelled);
    assertEquals(0, gateway.inFlight(0));
  }

  @Test
  void aLimitIsSentElsewhereByWhoRetriesItAndPassedOnByWhoDoesNot() {
    net.end(gateway, net.call(gateway), AttemptResult.LIMITED, false);
    assertEquals(2, net.sent.size());
    Baseline envoy = new LeastRequest(net, net.scenario(), new Random(1));
    net.end(envoy, net.call(envoy), AttemptResult.LIMITED, false);
    assertEquals(3, net.sent.size());
    assertEquals(1, net.bad.size());
  }

  @Test
  void noWeightMeansNoCalls() {
    FakeNetwork weighing = FakeNetwork.weighing(0, 100, 0);
    Baseline some = new RandomPick(weighing, weighing.scenario(), new Random(3));
    for (int i = 0; i < 50; i++) {
      assertEquals(1, weighing.call(some).upstream());
    }
  }

  @Test
  void whoLeftGetsNothingUntilItJoinsAgain() {
    net.absent[1] = true;
    gateway.onUpstreams(net.upstreams());
    for (int i = 0; i < 4; i++) {
      net.call(gateway);
    }
    assertArrayEquals(new int[] {0, 2, 3, 0}, net.sentSince(0));
    net.absent[1] = false;
    gateway.onUpstreams(net.upstreams());
    for (int i = 0; i < 4; i++) {
      net.call(gateway);
    }
    assertEquals(1, net.sent.subList(4, 8).stream().filter(a -> a.upstream() == 1).count());
  }

  @Test
  void withNobodyToAskACallFailsAtOnce() {
    FakeNetwork none = FakeNetwork.weighing(0, 0);
    for (var factory : Baselines.all()) {
      FakeNetwork empty = FakeNetwork.weighing(0, 0);
      var policy = factory.create(empty, empty.scenario(), new Random(4));
      policy.onCall(BaselinesTest.lightCall(0, none.nanoTime()));
      assertEquals(List.of(0L), empty.bad, factory.name());
    }
  }
}
