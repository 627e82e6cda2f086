package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DnsFailoverTest {
  /** Three regions of ten; the second is nearest, then the third. */
  private final FakeNetwork net = FakeNetwork.of(30);

  DnsFailoverTest() {
    Arrays.fill(net.rttMillis, 0, 10, 80);
    Arrays.fill(net.rttMillis, 10, 20, 2);
    Arrays.fill(net.rttMillis, 20, 30, 15);
  }

  @Test
  void theNearestRegionServesAllByFewestInFlight() {
    Baseline gateway = new DnsFailover(net, net.scenario(), new Random(1));
    for (int i = 0; i < 20; i++) {
      net.call(gateway);
    }
    for (int u = 10; u < 20; u++) {
      assertEquals(2, gateway.inFlight(u));
    }
  }

  @Test
  void aDeadRegionIsLeftAfterThreeChecksAndTheNextLookUp() {
    for (long seed = 1; seed <= 200; seed++) {
      double moved = secondsToMove(seed, null);
      // A check may be just due or just done; three of them, 6 s for silence, then up to a TTL.
      assertTrue(moved >= 20 && moved <= 66, "seed " + seed + ": " + moved);
    }
    double mean = 0;
    for (long seed = 1; seed <= 200; seed++) {
      mean += secondsToMove(seed, AttemptResult.FAILED) / 200;
    }
    // All ten must be out: the last of ten phases, near 29 s, and half a TTL.
    assertEquals(44, mean, 3);
  }

  @Test
  void itMovesBackOnceOneOfTheRegionIsHealthyAgain() {
    Baseline gateway = new DnsFailover(net, net.scenario(), new Random(1));
    Arrays.fill(net.probes, 10, 20, null);
    net.playTo(100 * SECOND);
    assertEquals(2, net.call(gateway).upstream() / 10);
    net.probes[13] = AttemptResult.SUCCESS;
    net.playTo(170 * SECOND);
    assertEquals(13, net.call(gateway).upstream());
    assertTrue(net.returned.contains(13));
  }

  @Test
  void twoFailedChecksChangeNothing() {
    Baseline gateway = new DnsFailover(net, net.scenario(), new Random(1));
    net.playTo(30 * SECOND);
    Arrays.fill(net.probes, AttemptResult.FAILED);
    net.playTo(50 * SECOND - 1);
    Arrays.fill(net.probes, AttemptResult.SUCCESS);
    net.playTo(120 * SECOND);
    assertEquals(List.of(), net.ejected);
    assertEquals(1, net.call(gateway).upstream() / 10);
  }

  @Test
  void whenNobodyIsHealthyTheNearestServesAllTheSame() {
    Baseline gateway = new DnsFailover(net, net.scenario(), new Random(1));
    Arrays.fill(net.probes, AttemptResult.FAILED);
    net.playTo(100 * SECOND);
    assertEquals(30, net.ejected.size());
    assertEquals(1, net.call(gateway).upstream() / 10);
  }

  private double secondsToMove(long seed, @Nullable AttemptResult how) {
    FakeNetwork world = FakeNetwork.of(30);
    System.arraycopy(net.rttMillis, 0, world.rttMillis, 0, 30);
    Baseline gateway = new DnsFailover(world, world.scenario(), new Random(seed));
    world.playTo(30 * SECOND);
    Arrays.fill(world.probes, 10, 20, how);
    SimAttempt attempt = world.call(gateway);
    while (attempt.upstream() / 10 == 1) {
      world.expire(gateway, attempt.call());
      world.playFor(SECOND / 10);
      attempt = world.call(gateway);
    }
    return (world.nanoTime() - 30 * SECOND) / 1e9;
  }
}
