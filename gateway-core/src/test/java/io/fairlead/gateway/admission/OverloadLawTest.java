package io.fairlead.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.admission.CrowdedLoop.Manners;
import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.routing.MethodClass;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients see of an event loop that gets more than it can carry, in virtual time. */
final class OverloadLawTest {
  private static final long MILLI = 1_000_000;

  /** What the loop carries: 64 clients that ask one call after another. */
  private static double peakPerSecond() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(64, MethodClass.READ, Manners.RUDE, 100_000);
    loop.run(2);
    return total(loop.served) / 2.0;
  }

  private static long total(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  private static double servedPerSecond(CrowdedLoop loop, double seconds) {
    loop.run(1);
    loop.run(seconds);
    return total(loop.served) / seconds;
  }

  @Test
  void clientsThatAskAtOnceAgainDoNotTouchGoodput() {
    for (int clients : List.of(640, 5_000, 20_000)) {
      CrowdedLoop loop = new CrowdedLoop();
      loop.join(clients, MethodClass.READ, Manners.RUDE, 100_000);
      double goodput = servedPerSecond(loop, 3) / peakPerSecond();
      assertTrue(goodput >= 0.95, () -> clients + " clients: goodput " + goodput);
    }
  }

  @Test
  void tenTimesTheLoadInEvenTimeLeavesGoodputAtThePeak() {
    double peak = peakPerSecond();
    CrowdedLoop loop = new CrowdedLoop();
    int clients = 20_000;
    loop.join(clients, MethodClass.READ, Manners.RUDE, (long) (clients / (10 * peak) * 1e9));
    double goodput = servedPerSecond(loop, 5) / peak;
    assertTrue(goodput >= 0.95, () -> "goodput " + goodput);
    long p99 = p99(loop.servedNanos);
    assertTrue(p99 < 15 * MILLI, () -> "99 of 100 served within " + p99 / 1000 + " us");
  }

  private static long p99(List<Long> nanos) {
    return nanos.stream().sorted().toList().get(nanos.size() * 99 / 100);
  }

  @Test
  void whoComesBackWhenToldIsRefusedWithinFiveMilliseconds() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(20_000, MethodClass.READ, Manners.POLITE, 500 * MILLI);
    loop.run(2);
    loop.run(5);
    assertTrue(loop.refusalNanos.size() > 1000, () -> loop.refusalNanos.size() + " refusals");
    long p99 = p99(loop.refusalNanos);
    assertTrue(p99 < 5 * MILLI, () -> "99 of 100 within " + p99 / 1000 + " us");
  }

  @Test
  void heavyCallsAreShedAndLightOnesLive() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(500, MethodClass.LIGHT, Manners.RUDE, 50 * MILLI);
    loop.join(2_000, MethodClass.LOGS, Manners.RUDE, 100_000);
    loop.join(2_000, MethodClass.TRACE, Manners.RUDE, 100_000);
    loop.run(2);
    loop.run(3);
    double lightRefused = (double) loop.refused[0] / (loop.refused[0] + loop.served[0]);
    assertTrue(lightRefused < 0.02, () -> "of light calls refused: " + lightRefused);
    assertTrue(loop.served[0] / 3.0 > 0.9 * 500 / 0.055, () -> "light: " + loop.served[0]);
  }

  @Test
  void aBurstIsServedWhole() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(2_000, MethodClass.TRACE, Manners.RUDE, 1000 * MILLI);
    loop.run(1);
    loop.join(4_000, MethodClass.TRACE, Manners.RUDE, 100 * MILLI);
    loop.leave();
    loop.run(1);
    assertEquals(0, total(loop.refused));
  }

  @Test
  void aLoopThatLacksItsProcessorRefusesNobody() {
    CrowdedLoop loop = new CrowdedLoop(100);
    loop.join(64, MethodClass.TRACE, Manners.RUDE, 0);
    loop.run(5);
    assertEquals(0, total(loop.refused));
    assertTrue(total(loop.served) > 1_000, () -> "served " + total(loop.served));
  }

  @Test
  void aLoopThatSharesItsProcessorServesWhatItsPartAllows() {
    CrowdedLoop loop = new CrowdedLoop(100);
    loop.join(2_000, MethodClass.READ, Manners.RUDE, 0);
    loop.run(30);
    loop.run(30);
    double perSecond = total(loop.served) / 30.0;
    assertTrue(perSecond > 0.9 * peakPerSecond() / 100, () -> "served a second: " + perSecond);
  }

  @Test
  void whenTheFloodIsOverNobodyIsRefusedAndEverybodyIsRead() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(5_000, MethodClass.READ, Manners.RUDE, 100_000);
    loop.run(2);
    loop.leave();
    loop.run(0.5);
    loop.join(100, MethodClass.TRACE, Manners.RUDE, 10 * MILLI);
    loop.run(1);
    assertEquals(0, total(loop.refused));
    assertTrue(total(loop.served) > 9_000, () -> "served " + total(loop.served));
  }

  @Test
  void burstsThatTheLoopCanCarryAreServedWholeAfterAFlood() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(5_000, MethodClass.READ, Manners.RUDE, 100_000);
    loop.run(2);
    loop.leave();
    loop.join(300, MethodClass.READ, Manners.IN_STEP, 18 * MILLI);
    loop.run(1);
    loop.run(4);
    assertEquals(0, total(loop.refused));
    assertTrue(total(loop.served) > 0.9 * 4 * 300 / 0.018, () -> "served " + total(loop.served));
  }

  @Test
  void theLoopsOwnDelayIsNotTakenForTheUpstreams() {
    for (int clients : List.of(16, 640, 5_000)) {
      CrowdedLoop loop = new CrowdedLoop();
      loop.join(clients, MethodClass.READ, Manners.RUDE, 100_000);
      loop.run(2);
      loop.run(1);
      long most = Collections.max(loop.tookNanos);
      long limit = CrowdedLoop.UPSTREAM_NANOS + LoopTurns.LONG_NANOS;
      assertTrue(most <= limit, () -> clients + " clients: " + most + " ns");
      assertTrue(Collections.min(loop.tookNanos) >= 0);
    }
  }

  @Test
  void ofALoopWithTimeToSpareNothingIsItsOwnDelay() {
    CrowdedLoop loop = new CrowdedLoop();
    loop.join(16, MethodClass.READ, Manners.RUDE, 5 * MILLI);
    loop.run(5);
    assertTrue(Collections.min(loop.tookNanos) >= CrowdedLoop.UPSTREAM_NANOS);
  }
}
