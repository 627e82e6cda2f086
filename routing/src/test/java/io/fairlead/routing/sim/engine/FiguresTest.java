package io.fairlead.routing.sim.engine;

import static io.fairlead.routing.sim.engine.Villages.MILLI;
import static io.fairlead.routing.sim.engine.Villages.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Figures of gateways that do and tell what a script says. Upstream 0 is the target. */
class FiguresTest {
  private static final FailureDomain FAR = FailureDomain.region("c", "far");

  /** A near upstream and two far ones; the near one is slower from 10 s to 20 s of 60 s. */
  private static Scenario village() {
    World world =
        new World(
            List.of(
                Villages.upstream("a", 10, Server.of(1000, 1)),
                Villages.upstream("b", 10, Server.of(1000, 1)),
                Villages.upstream("b2", 10, Server.of(1000, 1))),
            SECOND);
    Fault fault =
        new Fault(new FaultKind.Lag(5), Targets.of(world, Villages.NEAR), 10 * SECOND, 20 * SECOND);
    return new Scenario(
        "figures",
        world,
        Villages.load(1000, 20, 0),
        List.of(fault),
        new Play(60 * SECOND, SECOND, SECOND, 1, Settings.DEFAULT));
  }

  /** Sends by a share that is a function of time, and tells it or not. */
  private static class Scripted extends Postman {
    private final LongToDoubleFunction share;
    private final boolean isTelling;

    Scripted(LongToDoubleFunction share, boolean isTelling) {
      this.share = share;
      this.isTelling = isTelling;
    }

    @Override
    public void onCall(SimCall call) {
      double drawn = Luck.of(1, call.id(), 0, 7);
      int upstream = drawn < share.applyAsDouble(network().nanoTime()) ? 0 : 1;
      sent.add(network().send(call, upstream));
    }

    @Override
    public double share(int upstream, MethodClass c) {
      double near = share.applyAsDouble(network().nanoTime());
      return !isTelling ? Double.NaN : upstream == 0 ? near : (1 - near) / 2;
    }
  }

  private static double play(LongToDoubleFunction share, boolean isTelling, Metric metric) {
    return Engine.play(village(), new Scripted(share, isTelling), 3).get(metric);
  }

  /** 60 %, gone between two instants, then back along a ramp. */
  private static LongToDoubleFunction outAndBack(long outNanos, long backNanos, long rampNanos) {
    return now -> {
      if (now < outNanos) {
        return 0.6;
      }
      return now < backNanos
          ? 0
          : 0.6 * Math.min(1, (double) (now - backNanos) / Math.max(1, rampNanos));
    };
  }

  @Test
  void theTimeUntilTheShareIsGoneIsToldToTheHundredthOfASecond() {
    LongToDoubleFunction share = outAndBack(10 * SECOND + 245 * MILLI, 30 * SECOND, SECOND);
    assertEquals(250, play(share, true, Metric.SHARE_GONE_MILLIS), 1e-6);
    assertEquals(400, play(share, false, Metric.SHARE_GONE_MILLIS), 100);
    assertEquals(Double.POSITIVE_INFINITY, play(n -> 0.6, true, Metric.SHARE_GONE_MILLIS));
    assertEquals(Double.POSITIVE_INFINITY, play(n -> 0.6, false, Metric.SHARE_GONE_MILLIS));
  }

  @Test
  void theTimeBackIsFromTheHealingUntilTheShareIsWhole() {
    LongToDoubleFunction share = outAndBack(10_001 * MILLI, 25 * SECOND, 10 * SECOND);
    assertEquals(14_000, play(share, true, Metric.SHARE_BACK_MILLIS), 200);
    assertEquals(14_000, play(share, false, Metric.SHARE_BACK_MILLIS), 1000);
    assertEquals(
        Double.POSITIVE_INFINITY,
        play(n -> n < 10 * SECOND ? 0.6 : 0.3, true, Metric.SHARE_BACK_MILLIS));
  }

  @Test
  void outOnceAndBackOnceIsAnOscillationOfOne() {
    LongToDoubleFunction share = outAndBack(11 * SECOND, 30 * SECOND, 5 * SECOND);
    assertEquals(1, play(share, true, Metric.OSCILLATION), 0.02);
    assertEquals(1, play(share, false, Metric.OSCILLATION), 0.08);
    assertEquals(
        0.5, play(outAndBack(11 * SECOND, 99 * SECOND, 1), true, Metric.OSCILLATION), 0.01);
  }

  @Test
  void tenTimesOutAndBackIsAnOscillationOfTen() {
    LongToDoubleFunction share =
        now -> now > 10 * SECOND && now < 50 * SECOND && now / (2 * SECOND) % 2 == 1 ? 0 : 0.6;
    assertEquals(10, play(share, true, Metric.OSCILLATION), 0.2);
    assertEquals(10, play(share, false, Metric.OSCILLATION), 0.8);
  }

  @Test
  void noiseIsNoOscillation() {
    LongToDoubleFunction wobbling = now -> 0.6 + 0.01 * ((now / (500 * MILLI)) % 3);
    assertTrue(Double.isNaN(play(wobbling, true, Metric.OSCILLATION)));
    assertTrue(Double.isNaN(play(now -> 0.6, false, Metric.OSCILLATION)));
  }

  @Test
  void aHerdIsManyTimesTheUsualInFlight() {
    LongToDoubleFunction rush =
        now -> now >= 20 * SECOND && now < 22 * SECOND ? 0.9 : now < 20 * SECOND ? 0 : 0.3;
    assertEquals(3, play(rush, true, Metric.HERD), 0.3);
    assertEquals(1, play(outAndBack(0, 20 * SECOND, 1), true, Metric.HERD), 0.15);
  }

  @Test
  void theNextRegionsPeakIsAgainstWhereItSettles() {
    LongToDoubleFunction rush = now -> now / SECOND == 12 ? 0.1 : 0.55;
    Scenario busy = village().withLoad(Villages.load(4000, 20, 0));
    Result result = Engine.play(busy, new Scripted(rush, true), 3);
    assertEquals(2.15, result.get(Metric.NEXT_REGION_PEAK), 0.15);
  }

  @Test
  void heavyCallsHaveMovedWhenNineTenthsOfTheWayAreDone() {
    Scenario village = village();
    Scenario heavy =
        village.withLoad(
            new io.fairlead.routing.sim.scenario.Load(
                village.load().rate(),
                List.of(
                    new io.fairlead.routing.sim.scenario.ClassLoad(MethodClass.TRACE, 1, 20, 0, 0)),
                0));
    LongToDoubleFunction slide =
        now -> now < 10 * SECOND ? 0.6 : Math.max(0.2, 0.6 - 0.2 * (now / 1e9 - 10));
    Result result = Engine.play(heavy, new Scripted(slide, true), 3);
    assertEquals(1800, result.get(Metric.HEAVY_MOVED_MILLIS), 100);
  }

  @Test
  void errorSecondsAreLostCallsOverTheRateOffered() {
    Postman refusing =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            long now = network().nanoTime();
            boolean isOnset = now >= 9_500 * MILLI && now < 10_500 * MILLI;
            network().answer(call, !isOnset && (now < 12 * SECOND || now >= 13 * SECOND));
          }
        };
    Result result = Engine.play(village(), refusing, 4);
    assertEquals(2, result.get(Metric.ERROR_SECONDS), 0.1);
    assertEquals(0.85, result.get(Metric.GOODPUT), 0.01);
    assertEquals(1000, result.get(Metric.LOST_AT_ONSET), 120);
  }

  @Test
  void lostCallsCountAsTheTimeoutInMeansAndQuantiles() {
    Postman sleeping =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            if (call.id() % 2 == 0) {
              network().answer(call, true);
            }
          }
        };
    Result result = Engine.play(village(), sleeping, 4);
    assertEquals(500, result.get(Metric.MEAN_MILLIS), 1);
    assertEquals(
        1000,
        result
            .latencies()
            .millis(
                null,
                io.fairlead.routing.sim.result.Window.WHOLE,
                io.fairlead.routing.sim.result.Quantile.P99),
        1);
  }

  /** Convicts what a script says at 10.3 s and some more. */
  private static Result judged(java.util.function.Consumer<Postman> verdict, long atNanos) {
    Postman judge =
        new Postman() {
          @Override
          void begin() {
            network().schedule(() -> verdict.accept(this), atNanos);
          }
        };
    return Engine.play(village(), judge, 5);
  }

  @Test
  void theRightDomainBlamedIsDetectionAndNoFalseDrain() {
    Result result = judged(judge -> judge.network().onBlamed(Villages.NEAR), 10_300 * MILLI);
    assertEquals(300, result.get(Metric.DETECT_MILLIS));
    assertEquals(0, result.get(Metric.FALSE_DRAINS));
    assertEquals(1, result.get(Metric.BLAMED_RIGHT));
  }

  @Test
  void aDomainWithInnocentMembersIsBlamedWrongly() {
    Result result = judged(judge -> judge.network().onBlamed(FAR), 11 * SECOND);
    assertEquals(Double.POSITIVE_INFINITY, result.get(Metric.DETECT_MILLIS));
    assertEquals(1, result.get(Metric.FALSE_DRAINS));
    assertEquals(0, result.get(Metric.BLAMED_RIGHT));
  }

  @Test
  void theTargetItselfEjectedIsDetectionWithoutBlame() {
    Result result = judged(judge -> judge.network().onEjected(0), 10_050 * MILLI);
    assertEquals(50, result.get(Metric.DETECT_MILLIS));
    assertEquals(0, result.get(Metric.FALSE_DRAINS));
    assertEquals(0, result.get(Metric.BLAMED_RIGHT));
  }

  @Test
  void whatNoFaultBefallsIsDrainedFalsely() {
    assertEquals(
        1, judged(judge -> judge.network().onEjected(1), 11 * SECOND).get(Metric.FALSE_DRAINS));
    assertEquals(
        1, judged(judge -> judge.network().onEjected(0), 5 * SECOND).get(Metric.FALSE_DRAINS));
    assertEquals(
        0, judged(judge -> judge.network().onEjected(0), 24 * SECOND).get(Metric.FALSE_DRAINS));
    assertEquals(
        1, judged(judge -> judge.network().onEjected(0), 26 * SECOND).get(Metric.FALSE_DRAINS));
  }
}
