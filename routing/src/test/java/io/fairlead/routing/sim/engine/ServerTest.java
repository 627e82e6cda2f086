package io.fairlead.routing.sim.engine;

import static io.fairlead.routing.sim.engine.Villages.MILLI;
import static io.fairlead.routing.sim.engine.Villages.SECOND;
import static io.fairlead.routing.sim.engine.Villages.assertNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.RatePoint;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues and slots. */
class ServerTest {
  /** Mean wait of M/G/1 after Pollaczek and Khinchine. */
  @Test
  void oneSlotWaitsAsPollaczekAndKhinchineSay() {
    double sigma = 0.5;
    double rho = 0.8;
    Scenario scenario = Villages.queue(Server.of(1, 1), Villages.load(800, 1, sigma), 500);
    double secondMoment = Math.exp(sigma * sigma);
    double expected = rho * secondMoment / (2 * (1 - rho));
    double mean = Engine.play(scenario, new Postman(), 7).get(Metric.MEAN_MILLIS) - 1;
    assertEquals(expected, mean, 0.04 * expected);
  }

  /** Mean wait of M/M/c after Erlang; work of the same two moments stands in for exponential. */
  @Test
  void manySlotsWaitAsErlangSays() {
    int slots = 12;
    double rho = 0.85;
    Server server = Server.of(slots, 2);
    double sigma = Math.sqrt(Math.log(2));
    Load load = Villages.load(rho * slots * 200, 10, sigma);
    double service = 5;
    double expected = erlangC(slots, rho * slots) * service / (slots * (1 - rho));
    Scenario scenario = Villages.queue(server, load, 120);
    double mean = Engine.play(scenario, new Postman(), 8).get(Metric.MEAN_MILLIS) - service;
    assertEquals(expected, mean, 0.06 * expected);
  }

  private static double erlangC(int servers, double load) {
    double blocked = 1;
    for (int k = 1; k <= servers; k++) {
      blocked = load * blocked / (k + load * blocked);
    }
    double rho = load / servers;
    return blocked / (1 - rho + rho * blocked);
  }

  @Test
  void firstComeIsFirstServedAndNoSlotServesTwo() {
    Scenario scenario = Villages.queue(Server.of(3, 1), Villages.load(280, 10, 0), 60);
    Postman postman = new Postman();
    Engine.play(scenario, postman, 3);
    assertTrue(postman.replies.size() > 15_000);
    long[] ends = new long[postman.replies.size()];
    for (int i = 0; i < ends.length; i++) {
      Postman.Letter letter = postman.replies.get(i);
      assertEquals(postman.sent.get(i), letter.attempt(), "in the order of arrival");
      ends[i] = letter.repliedNanos();
      long free = i < 3 ? 0 : ends[i - 3];
      long expected = Math.max(letter.sentNanos(), free) + 10 * MILLI;
      assertNanos(expected, ends[i]);
    }
  }

  @Test
  void heavyClassesTakeTheHeavyFactor() {
    Load load =
        new Load(
            List.of(new RatePoint(0, 50)),
            List.of(
                new ClassLoad(MethodClass.LIGHT, 0.5, 6, 0, 0),
                new ClassLoad(MethodClass.LOGS, 0.5, 6, 0, 0)),
            0);
    Postman postman = new Postman();
    Engine.play(Villages.queue(new Server(1000, 1.5, 4, 0, 0), load, 10), postman, 1);
    for (Postman.Letter letter : postman.replies) {
      boolean isHeavy = letter.attempt().call().methodClass() == MethodClass.LOGS;
      assertNanos((isHeavy ? 16 : 4) * MILLI, letter.reply().elapsedNanos());
    }
  }

  @Test
  void aRequestThatWaitsIsDroppedWhenCancelledAndOneThatIsServedHoldsItsSlot() {
    Scenario scenario = Villages.queue(Server.of(1, 1), Villages.load(20, 200, 0), 30);
    Postman postman =
        new Postman() {
          @Override
          public void onCall(SimCall call) {
            super.onCall(call);
            SimAttempt attempt = sent.get(sent.size() - 1);
            if (call.id() % 4 == 1 || call.id() == 0) {
              network().schedule(() -> network().cancel(attempt), 5 * MILLI);
            }
          }
        };
    Engine.play(scenario.withLoad(Villages.load(6, 100, 0)), postman, 2);
    long first = postman.sent.get(0).sentNanos();
    assertTrue(postman.replies.stream().noneMatch(l -> l.attempt().call().id() % 4 == 1));
    long free = first + 100 * MILLI;
    for (SimAttempt attempt : postman.sent.subList(1, postman.sent.size())) {
      boolean isCancelled = attempt.call().id() % 4 == 1;
      long begin = Math.max(free, attempt.sentNanos());
      boolean wasDropped = isCancelled && begin > attempt.sentNanos() + 5 * MILLI;
      free = wasDropped ? free : begin + 100 * MILLI;
      long end = free;
      if (!isCancelled) {
        assertEquals(1, postman.replies.stream().filter(l -> l.attempt() == attempt).count());
        postman.replies.stream()
            .filter(l -> l.attempt() == attempt)
            .forEach(l -> assertNanos(end, l.repliedNanos()));
      }
    }
    assertTrue(free > 20 * SECOND);
  }

  @Test
  void jitterStaysWithinItsBoundsAndUsesThem() {
    Scenario village = Villages.queue(Server.of(1000, 1), Villages.load(500, 10, 0), 20);
    io.fairlead.routing.sim.scenario.World world =
        new io.fairlead.routing.sim.scenario.World(
            List.of(
                new io.fairlead.routing.sim.scenario.SimUpstream(
                    village.world().upstreams().get(0).spec(),
                    new io.fairlead.routing.sim.scenario.Path(100, 0.2),
                    Server.of(1000, 1))),
            SECOND);
    Postman postman = new Postman();
    Engine.play(
        new Scenario("jitter", world, village.load(), List.of(), village.play()), postman, 4);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (Postman.Letter letter : postman.replies) {
      least = Math.min(least, letter.reply().elapsedNanos());
      most = Math.max(most, letter.reply().elapsedNanos());
    }
    assertTrue(least >= 90 * MILLI && least < 92 * MILLI, "least " + least);
    assertTrue(most <= 130 * MILLI && most > 128 * MILLI, "most " + most);
  }
}
