package io.fairlead.routing.sim.engine;

import static io.fairlead.routing.sim.engine.Villages.MILLI;
import static io.fairlead.routing.sim.engine.Villages.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.sim.policy.FairleadGateway;
import io.fairlead.routing.sim.policy.Oracle;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.sim.scenario.StandardWorld;
import io.fairlead.routing.sim.scenario.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What holds of every play. */
class EngineTest {
  private static final List<FaultKind> KINDS =
      List.of(
          new FaultKind.Refuse(),
          new FaultKind.BlackHole(),
          new FaultKind.Errors(0.4, 5),
          new FaultKind.Slow(4),
          new FaultKind.Stall(900 * MILLI, 300 * MILLI),
          new FaultKind.Steal(0.6),
          new FaultKind.Lag(10),
          new FaultKind.Limit(15),
          new FaultKind.Absent());

  /** Sends to anybody, once or several times at once, cancels at whim, often forgets to answer. */
  private static final class Madman extends Postman {
    private final SplittableRandom whim;

    Madman(long seed) {
      whim = new SplittableRandom(seed);
    }

    @Override
    public void onCall(SimCall call) {
      calls.add(call);
      for (int i = whim.nextInt(4); i > 0; i--) {
        SimAttempt attempt = network().send(call, whim.nextInt(network().upstreams().size()));
        if (whim.nextInt(4) == 0) {
          network().schedule(() -> network().cancel(attempt), whim.nextInt(60) * MILLI);
        }
      }
      network().schedule(() -> maybeAnswer(call, 9), whim.nextInt(500) * MILLI);
    }

    private void maybeAnswer(SimCall call, int oneIn) {
      if (!call.isEnded() && whim.nextInt(oneIn) == 0) {
        answers++;
        network().answer(call, whim.nextBoolean());
      }
    }

    @Override
    public void onReply(SimAttempt attempt, Reply reply) {
      maybeAnswer(attempt.call(), 2);
    }
  }

  private static Scenario mad(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Fault> faults = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      long from = random.nextInt(9_000) * MILLI;
      long until = from + (1 + random.nextInt(5_000)) * MILLI;
      FaultKind kind = KINDS.get(random.nextInt(KINDS.size()));
      Targets targets = Targets.of("r" + random.nextInt(2) + "-" + random.nextInt(6));
      faults.add(new Fault(kind, targets, from, until));
    }
    Load load = StandardWorld.load(0);
    RatePoint[] rate = {
      new RatePoint(0, random.nextInt(300)),
      new RatePoint(random.nextInt(5_000) * MILLI, random.nextInt(900)),
      new RatePoint(7 * SECOND, random.nextInt(2) * 500)
    };
    Play play = new Play(10 * SECOND, 0, 2 * SECOND, 1 + random.nextInt(3), Settings.DEFAULT);
    return new Scenario("mad", StandardWorld.world(), load.withRate(rate), faults, play);
  }

  @Test
  void everyCallEndsOnce() {
    for (long seed = 0; seed < 25; seed++) {
      List<Madman> madmen = new ArrayList<>();
      long own = seed;
      Result result =
          Engine.play(
              mad(seed),
              new Postman() {
                @Override
                public Madman create(
                    io.fairlead.routing.sim.policy.Network network,
                    Scenario scenario,
                    java.util.random.RandomGenerator random) {
                  Madman madman = new Madman(own * 31 + madmen.size());
                  madman.create(network, scenario, random);
                  madmen.add(madman);
                  return madman;
                }
              },
              seed);
      int arrived = 0;
      int ended = 0;
      for (Madman madman : madmen) {
        arrived += madman.calls.size();
        ended += madman.answers + madman.lost.size();
        assertTrue(madman.calls.stream().allMatch(SimCall::isEnded), "seed " + seed);
      }
      assertEquals(arrived, ended, "seed " + seed);
      assertEquals(arrived, result.get(Metric.CALLS), "seed " + seed);
    }
  }

  @Test
  void answeredAndLostAndLatenciesAddUpToTheCalls() {
    Scenario scenario = shortened(StandardWorld.stricken("x", new FaultKind.Errors(0.5, 3)));
    Postman postman = new Postman();
    Result result = Engine.play(scenario, postman, 3);
    long from = 2 * SECOND;
    long late = postman.lost.stream().filter(c -> c.arrivedNanos() >= from).count();
    long errors =
        postman.replies.stream()
            .filter(l -> l.result().isFailure() && l.attempt().call().arrivedNanos() >= from)
            .filter(l -> l.repliedNanos() - l.attempt().call().arrivedNanos() < 3 * SECOND)
            .count();
    assertTrue(errors > 1000 && late > 1000, errors + " errors, " + late + " late");
    assertEquals((double) errors + late, result.get(Metric.CALLS_LOST));
    long seen = result.latencies().count(null, Window.WHOLE);
    assertEquals(result.get(Metric.CALLS), (double) seen + errors);
    long parts = 0;
    for (Window window : List.of(Window.BEFORE, Window.DURING, Window.AFTER)) {
      parts += result.latencies().count(null, window);
    }
    assertEquals(seen, parts);
  }

  private static Scenario shortened(Scenario scenario) {
    Play play = scenario.play();
    return scenario.withPlay(
        new Play(20 * SECOND, 2 * SECOND, play.timeoutNanos(), play.gateways(), play.settings()));
  }

  @Test
  void theSameSeedGivesTheSamePlay() {
    Scenario scenario = shortened(StandardWorld.stricken("x", new FaultKind.BlackHole()));
    Result one = Engine.play(scenario, FairleadGateway.factory(), 42);
    Result two = Engine.play(scenario, FairleadGateway.factory(), 42);
    assertEquals(one.figures(), two.figures());
    assertEquals(one.incidents(), two.incidents());
    for (Window window : Window.values()) {
      for (Quantile q : Quantile.values()) {
        assertEquals(
            one.latencies().millis(null, window, q), two.latencies().millis(null, window, q));
      }
    }
    for (int b = 0; b < one.timeline().size(); b++) {
      for (int u = 0; u < 30; u++) {
        assertEquals(one.timeline().picks(b, u), two.timeline().picks(b, u));
      }
    }
    Result other = Engine.play(scenario, FairleadGateway.factory(), 43);
    assertNotEquals(one.figures(), other.figures());
  }

  /** Calls, and how an upstream answers them, are the same whatever was done with others. */
  @Test
  void everyPolicySeesTheSameTrace() {
    Scenario scenario = shortened(StandardWorld.calm("x"));
    Postman first = new Postman();
    Postman busy =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            super.onCall(call);
            for (int u = 1; u < 10; u++) {
              network().send(call, u);
            }
            network().probe(2, reply -> {});
          }
        };
    Engine.play(scenario, first, 9);
    Engine.play(scenario, busy, 9);
    assertEquals(first.calls.size(), busy.calls.size());
    for (int i = 0; i < first.calls.size(); i++) {
      SimCall a = first.calls.get(i);
      SimCall b = busy.calls.get(i);
      assertEquals(a.id(), b.id());
      assertEquals(a.arrivedNanos(), b.arrivedNanos());
      assertEquals(a.methodClass(), b.methodClass());
      assertEquals(((Call) a).workNanos, ((Call) b).workNanos);
    }
    Result oracle = Engine.play(scenario, Oracle.factory(), 9);
    assertEquals(oracle.get(Metric.CALLS), Engine.play(scenario, first, 9).get(Metric.CALLS));
  }

  @Test
  void arrivalsFollowTheRate() {
    Load ramp =
        Villages.load(0, 1, 0)
            .withRate(
                new RatePoint(2 * SECOND, 0),
                new RatePoint(12 * SECOND, 1000),
                new RatePoint(12 * SECOND, 200),
                new RatePoint(20 * SECOND, 200));
    Postman postman = new Postman();
    Engine.play(Villages.queue(Server.of(99, 1), ramp, 30), postman, 5);
    assertCount(0, between(postman, 0, 2));
    assertCount(1250, between(postman, 2, 7));
    assertCount(3750, between(postman, 7, 12));
    assertCount(1600, between(postman, 12, 20));
    assertCount(2000, between(postman, 20, 30));
  }

  private static int between(Postman postman, long from, long until) {
    return (int)
        postman.calls.stream()
            .filter(c -> c.arrivedNanos() >= from * SECOND && c.arrivedNanos() < until * SECOND)
            .count();
  }

  private static void assertCount(double expected, int actual) {
    assertEquals(expected, actual, 3.5 * Math.sqrt(expected));
  }

  @Test
  void gapsAreExponential() {
    Postman postman = new Postman();
    Engine.play(Villages.queue(Server.of(99, 1), Villages.load(500, 1, 0), 60), postman, 6);
    double sum = 0;
    double squares = 0;
    for (int i = 1; i < postman.calls.size(); i++) {
      double gap =
          ((double) postman.calls.get(i).arrivedNanos() - postman.calls.get(i - 1).arrivedNanos())
              / 1e6;
      sum += gap;
      squares += gap * gap;
    }
    int n = postman.calls.size() - 1;
    double mean = sum / n;
    assertEquals(2, mean, 0.04);
    assertEquals(1, Math.sqrt(squares / n - mean * mean) / mean, 0.03);
  }

  @Test
  void firstAttemptsOfABucketAreTheCallsThatArrivedInIt() {
    Scenario scenario = shortened(StandardWorld.stricken("x", new FaultKind.Refuse()));
    Timeline timeline = Engine.play(scenario, FairleadGateway.factory(), 4).timeline();
    for (int b = 0; b < timeline.size(); b++) {
      int picks = 0;
      for (int u = 0; u < 30; u++) {
        picks += timeline.picks(b, u);
      }
      assertEquals(timeline.arrived(b), picks);
    }
  }

  /** L = lambda W: 400 calls a second of 25 ms make ten in flight. */
  @Test
  void attemptsInFlightFollowLittlesLaw() {
    Scenario scenario = Villages.queue(Server.of(999, 1), Villages.load(400, 25, 0), 40);
    Timeline timeline = Engine.play(scenario, new Postman(), 8).timeline();
    double sum = 0;
    for (int b = 10; b < timeline.size(); b++) {
      sum += timeline.inFlight(b, 0);
      assertTrue(timeline.peakInFlight(b, 0) >= timeline.inFlight(b, 0));
    }
    assertEquals(10, sum / (timeline.size() - 10), 0.3);
  }

  @Test
  void arrivalsAreSplitEvenlyOverGateways() {
    Scenario calm = StandardWorld.calm("x");
    Scenario four = calm.withPlay(new Play(10 * SECOND, 0, SECOND, 4, Settings.DEFAULT));
    List<Postman> postmen = new ArrayList<>();
    Engine.play(
        four,
        new Postman() {
          @Override
          public Postman create(
              io.fairlead.routing.sim.policy.Network network,
              Scenario scenario,
              java.util.random.RandomGenerator random) {
            Postman postman = new Postman();
            postman.create(network, scenario, random);
            postmen.add(postman);
            return postman;
          }
        },
        2);
    assertEquals(4, postmen.size());
    postmen.forEach(postman -> assertCount(3750, postman.calls.size()));
  }

  @Test
  void aCallThatHasEndedCannotBeSentOrAnsweredAgain() {
    Postman postman =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            network().answer(call, true);
            assertThrows(IllegalArgumentException.class, () -> network().answer(call, true));
            assertThrows(IllegalArgumentException.class, () -> network().send(call, 0));
          }
        };
    Engine.play(Villages.queue(Server.of(1, 1), Villages.load(50, 1, 0), 1), postman, 2);
  }

  @Test
  void timersRunInTheirOrderAndNotOnceCalledOff() {
    List<String> ran = new ArrayList<>();
    Postman postman =
        new Postman() {
          @Override
          void begin() {
            network().schedule(() -> ran.add("late"), 2 * MILLI);
            network().schedule(() -> ran.add("never"), MILLI).cancel();
            network().schedule(() -> ran.add("first"), MILLI);
            network().schedule(() -> ran.add("second"), MILLI);
          }
        };
    Engine.play(Villages.queue(Server.of(1, 1), Villages.load(1, 1, 0), 1), postman, 2);
    assertEquals(List.of("first", "second", "late"), ran);
  }

  @Test
  void retriesAndHedgesAndProbesAreCounted() {
    Postman postman =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            network().send(call, 0);
            if (call.id() % 2 == 0) {
              network().send(call, 0);
            }
            if (call.id() % 10 == 0) {
              network().probe(0, reply -> answers += 1_000_000);
            }
          }

          @Override
          public void onReply(SimAttempt attempt, Reply reply) {
            if (attempt.call().id() % 2 == 1 && attempt.attachment() == null) {
              network().send(attempt.call(), 0).attach("second");
            } else if (!attempt.call().isEnded()) {
              network().answer(attempt.call(), true);
            }
          }
        };
    Scenario scenario = Villages.queue(Server.of(99, 1), Villages.load(100, 1, 0), 10);
    Result result = Engine.play(scenario, postman, 2);
    assertEquals(0.5, result.get(Metric.RETRIES), 0.01);
    assertEquals(0.5, result.get(Metric.HEDGES), 0.01);
    double probes = Math.ceil(result.get(Metric.CALLS) / 10);
    assertEquals(probes, postman.answers / 1e6);
    assertEquals(probes * 8640, result.get(Metric.PROBES_PER_DAY), 1);
  }
}
