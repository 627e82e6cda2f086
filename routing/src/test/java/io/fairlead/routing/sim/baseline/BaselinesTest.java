package io.fairlead.routing.sim.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final int CALLS = 3000;

  static SimCall lightCall(long id, long arrivedNanos) {
    return new SimCall(id, arrivedNanos, new SimCall.Traits(MethodClass.LIGHT, false, true));
  }

  @Test
  void allAreListedInTheOrderOfTheReference() {
    assertEquals(
        List.of(
            "round-robin",
            "random",
            "least-request",
            "peak-ewma",
            "peak-ewma-penalty",
            "prequal",
            "c3",
            "envoy-ejection",
            "grpc-ejection",
            "periodic-score",
            "dns-failover"),
        Baselines.all().stream().map(GatewayUnderTest.Factory::name).toList());
  }

  @Test
  void eachIsFoundByItsNameAndNobodyElse() {
    for (GatewayUnderTest.Factory f : Baselines.all()) {
      assertEquals(f, Baselines.named(f.name()).orElseThrow());
    }
    assertTrue(Baselines.named("fairlead").isEmpty());
  }

  @Test
  void everyCallEndsOnceWhateverBefallsIt() {
    for (GatewayUnderTest.Factory f : Baselines.all()) {
      for (long seed = 1; seed <= 3; seed++) {
        new Storm(f, seed).play();
      }
    }
  }

  @Test
  void theSameSeedMakesTheSameChoices() {
    for (GatewayUnderTest.Factory f : Baselines.all()) {
      Storm once = new Storm(f, 7);
      Storm again = new Storm(f, 7);
      once.play();
      again.play();
      assertEquals(once.chosen(), again.chosen(), f.name());
    }
  }

  /** Random calls that succeed, fail, are limited, or are never answered. */
  private static final class Storm {
    private final FakeNetwork net = FakeNetwork.of(12);
    private final String name;
    private final Random random;
    private final GatewayUnderTest gateway;
    private final List<SimCall> calls = new ArrayList<>();
    private final List<SimAttempt> open = new ArrayList<>();
    private int seen;

    Storm(GatewayUnderTest.Factory factory, long seed) {
      name = factory.name() + ", seed " + seed;
      random = new Random(seed);
      gateway = factory.create(net, net.scenario(), new Random(seed));
    }

    void play() {
      while (calls.size() < CALLS) {
        net.playFor((long) (-Math.log(1 - random.nextDouble()) * 5 * FakeNetwork.MILLI));
        SimCall call = lightCall(calls.size(), net.nanoTime());
        calls.add(call);
        gateway.onCall(call);
        collect();
        settle(random.nextInt(3));
        expire();
      }
      net.playFor(2 * FakeNetwork.TIMEOUT);
      expire();
      assertTrue(calls.stream().allMatch(SimCall::isEnded), name);
      assertTrue(net.good.size() > CALLS / 3, name + ": " + net.good.size());
      HashSet<Long> ended = new HashSet<>(net.good);
      ended.addAll(net.bad);
      assertEquals(net.good.size() + net.bad.size(), ended.size(), name);
    }

    List<Integer> chosen() {
      return net.sent.stream().map(SimAttempt::upstream).toList();
    }

    private void collect() {
      open.addAll(net.sent.subList(seen, net.sent.size()));
      seen = net.sent.size();
    }

    private void settle(int count) {
      for (int i = 0; i < count && !open.isEmpty(); i++) {
        SimAttempt attempt = open.remove(random.nextInt(open.size()));
        int fate = random.nextInt(20);
        if (!net.cancelled.contains(attempt) && fate != 0) {
          AttemptResult result =
              fate < 3
                  ? AttemptResult.FAILED
                  : fate < 4 ? AttemptResult.LIMITED : AttemptResult.SUCCESS;
          net.end(gateway, attempt, result, fate < 2);
        }
        collect();
      }
    }

    private void expire() {
      for (SimCall call : calls.subList(Math.max(0, calls.size() - 2000), calls.size())) {
        if (!call.isEnded() && net.nanoTime() - call.arrivedNanos() >= FakeNetwork.TIMEOUT) {
          net.expire(gateway, call);
        }
      }
    }
  }
}
