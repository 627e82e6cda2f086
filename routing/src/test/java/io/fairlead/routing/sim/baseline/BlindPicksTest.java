package io.fairlead.routing.sim.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Round robin and random. */
class BlindPicksTest {
  @Test
  void roundRobinGoesThroughAllInOrder() {
    FakeNetwork net = FakeNetwork.of(3);
    Baseline gateway = new RoundRobin(net, net.scenario(), new Random(1));
    for (int i = 0; i < 7; i++) {
      net.call(gateway);
    }
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0}, net.sentSince(0));
  }

  @Test
  void roundRobinSpreadsWeightsEvenlyOverTheCycle() {
    FakeNetwork net = FakeNetwork.weighing(500, 100, 100);
    Baseline gateway = new RoundRobin(net, net.scenario(), new Random(1));
    for (int i = 0; i < 7; i++) {
      net.call(gateway);
    }
    assertArrayEquals(new int[] {0, 0, 1, 0, 2, 0, 0}, net.sentSince(0));
  }

  @Test
  void randomFollowsTheWeights() {
    FakeNetwork net = FakeNetwork.weighing(100, 300, 600);
    Baseline gateway = new RandomPick(net, net.scenario(), new Random(5));
    int[] counts = new int[3];
    for (int i = 0; i < 100_000; i++) {
      counts[net.call(gateway).upstream()]++;
    }
    assertEquals(10_000, counts[0], 400);
    assertEquals(30_000, counts[1], 600);
    assertEquals(60_000, counts[2], 600);
  }
}
