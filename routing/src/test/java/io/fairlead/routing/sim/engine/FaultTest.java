package io.fairlead.routing.sim.engine;

import static io.fairlead.routing.sim.engine.Villages.MILLI;
import static io.fairlead.routing.sim.engine.Villages.SECOND;
import static io.fairlead.routing.sim.engine.Villages.assertNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each kind of fault does what it says. The village: 5 ms each way, 20 ms of work. */
class FaultTest {
  private static final long FROM = 5 * SECOND;
  private static final long UNTIL = 10 * SECOND;

  private static Postman play(FaultKind kind) {
    Postman postman = new Postman();
    Engine.play(Villages.lonely(kind, 5, 10), postman, 11);
    assertTrue(postman.sent.size() > 900);
    return postman;
  }

  private static boolean isAt(long nanos) {
    return nanos >= FROM && nanos < UNTIL;
  }

  @Test
  void blackHoleSwallowsWhatIsInFlightAndWhatIsSent() {
    Postman postman = play(new FaultKind.BlackHole());
    Set<Object> answered = new HashSet<>();
    postman.replies.forEach(letter -> answered.add(letter.attempt()));
    int inFlight = 0;
    for (var attempt : postman.sent) {
      long served = attempt.sentNanos() + 25 * MILLI;
      boolean isSwallowed = served > FROM && attempt.sentNanos() + 5 * MILLI < UNTIL;
      inFlight += isSwallowed && attempt.sentNanos() < FROM ? 1 : 0;
      assertEquals(!isSwallowed, answered.contains(attempt), "sent at " + attempt.sentNanos());
    }
    assertTrue(inFlight > 0, "something was in flight");
    assertEquals(postman.sent.size() - answered.size(), postman.lost.size());
  }

  @Test
  void refusalResetsWhatIsInFlightAndRefusesTheRestAfterARoundTrip() {
    Postman postman = play(new FaultKind.Refuse());
    assertEquals(postman.sent.size(), postman.replies.size());
    int resets = 0;
    for (Postman.Letter letter : postman.replies) {
      long arrives = letter.sentNanos() + 5 * MILLI;
      if (letter.sentNanos() < FROM && arrives + 20 * MILLI > FROM) {
        resets++;
        assertEquals(AttemptResult.FAILED, letter.result());
        assertTrue(letter.reply().maybeProcessed());
        assertNanos(Math.max(arrives, FROM) + 5 * MILLI, letter.repliedNanos());
      } else if (isAt(arrives)) {
        assertEquals(AttemptResult.FAILED, letter.result());
        assertFalse(letter.reply().maybeProcessed());
        assertNanos(10 * MILLI, letter.reply().elapsedNanos());
      } else {
        assertEquals(AttemptResult.SUCCESS, letter.result());
      }
    }
    assertTrue(resets > 0);
  }

  @Test
  void errorsHitTheirShareAfterTheirTime() {
    Postman postman = play(new FaultKind.Errors(0.3, 7));
    int hit = 0;
    int all = 0;
    for (Postman.Letter letter : postman.replies) {
      boolean isInside = isAt(letter.sentNanos() + 5 * MILLI);
      all += isInside ? 1 : 0;
      if (letter.result() == AttemptResult.FAILED) {
        assertTrue(isInside);
        assertNanos(17 * MILLI, letter.reply().elapsedNanos());
        hit++;
      } else {
        assertNanos(30 * MILLI, letter.reply().elapsedNanos());
      }
    }
    double sigma = Math.sqrt(0.3 * 0.7 / all);
    assertEquals(0.3, (double) hit / all, 3 * sigma);
  }

  @Test
  void slownessReachesWorkThatHasBegun() {
    Postman postman = play(new FaultKind.Slow(3));
    int caught = 0;
    for (Postman.Letter letter : postman.replies) {
      long begin = letter.sentNanos() + 5 * MILLI;
      caught += begin < FROM && begin + 20 * MILLI > FROM ? 1 : 0;
      assertNanos(end(begin, 3) + 5 * MILLI, letter.repliedNanos());
    }
    assertTrue(caught > 0);
  }

  @Test
  void thievesSlowWorkDownByTheirShare() {
    for (Postman.Letter letter : play(new FaultKind.Steal(0.75)).replies) {
      assertNanos(end(letter.sentNanos() + 5 * MILLI, 4) + 5 * MILLI, letter.repliedNanos());
    }
  }

  /** When 20 ms of work end that take so many times as long during the fault. */
  private static long end(long begin, int factor) {
    long left = 20 * MILLI;
    long now = begin;
    if (now < FROM) {
      long done = Math.min(left, FROM - now);
      left -= done;
      now += done;
    }
    if (left > 0 && now < UNTIL) {
      long done = Math.min(left, (UNTIL - now) / factor);
      left -= done;
      now += done * factor;
    }
    return now + left;
  }

  @Test
  void stallsStopWorkAgainAndAgain() {
    Postman postman = play(new FaultKind.Stall(SECOND, 400 * MILLI));
    int stalled = 0;
    for (Postman.Letter letter : postman.replies) {
      long begin = letter.sentNanos() + 5 * MILLI;
      long end = begin + 20 * MILLI;
      for (int k = 0; k < 5; k++) {
        long from = FROM + k * SECOND;
        long until = from + 400 * MILLI;
        if (begin < until && end > from) {
          end = until + end - Math.max(begin, from);
          stalled++;
        }
      }
      assertNanos(end + 5 * MILLI, letter.repliedNanos());
    }
    assertTrue(stalled > 80);
  }

  @Test
  void aLaggingNodeAnswersFromAnOldHead() {
    Postman postman = play(new FaultKind.Lag(50));
    for (Postman.Letter letter : postman.replies) {
      long served = letter.repliedNanos() - 5 * MILLI;
      long head = Weather.chainHead(served, 2 * SECOND);
      assertEquals(isAt(served) ? head - 50 : head, letter.reply().headBlocks());
      assertNanos(30 * MILLI, letter.reply().elapsedNanos());
    }
  }

  @Test
  void aQuotaAnswersNoMoreThanItsRateAndOneSecondsWorth() {
    assertQuota(play(new FaultKind.Limit(20)), FROM, UNTIL, 20);
  }

  @Test
  void aServersOwnQuotaHoldsAlways() {
    Scenario village = Villages.lonely(new FaultKind.Lag(1), 5, 10);
    SimUpstream a = village.world().upstreams().get(0);
    World world =
        new World(
            List.of(new SimUpstream(a.spec(), a.path(), new Server(1000, 1, 1, 0, 20))), SECOND);
    Postman postman = new Postman();
    Engine.play(
        new Scenario("quota", world, village.load(), List.of(), village.play()), postman, 5);
    assertQuota(postman, 0, 20 * SECOND, 20);
  }

  private static void assertQuota(Postman postman, long from, long until, int perSecond) {
    int answered = 0;
    int limited = 0;
    for (Postman.Letter letter : postman.replies) {
      boolean isInside =
          letter.sentNanos() + 5 * MILLI >= from && letter.sentNanos() + 5 * MILLI < until;
      if (letter.result() == AttemptResult.LIMITED) {
        limited++;
        assertTrue(isInside);
        assertFalse(letter.reply().maybeProcessed());
        assertNanos(10 * MILLI, letter.reply().elapsedNanos());
      } else if (isInside) {
        answered++;
      }
    }
    double seconds = (until - from) / 1e9;
    assertTrue(limited > perSecond, "limited " + limited);
    assertTrue(answered <= perSecond * (seconds + 1) + 1, "answered " + answered);
    assertTrue(answered >= perSecond * seconds * 0.95, "answered " + answered);
  }

  @Test
  void whoeverIsAbsentRefusesAndEverybodyIsTold() {
    Postman postman = play(new FaultKind.Absent());
    assertEquals(2, postman.members.size());
    assertTrue(postman.members.get(0).isEmpty());
    assertEquals("a", postman.members.get(1).get(0).id());
    for (Postman.Letter letter : postman.replies) {
      boolean isRefused = letter.sentNanos() >= FROM && isAt(letter.sentNanos() + 5 * MILLI);
      assertEquals(isRefused, letter.result() == AttemptResult.FAILED);
    }
  }

  @Test
  void baseErrorsHitTheirShareAlways() {
    Scenario village = Villages.lonely(new FaultKind.Lag(1), 5, 10);
    SimUpstream a = village.world().upstreams().get(0);
    World world =
        new World(
            List.of(new SimUpstream(a.spec(), a.path(), new Server(1000, 1, 1, 0.2, 0))), SECOND);
    Postman postman = new Postman();
    Engine.play(new Scenario("errs", world, village.load(), List.of(), village.play()), postman, 5);
    long hit = postman.replies.stream().filter(l -> l.result() == AttemptResult.FAILED).count();
    int all = postman.replies.size();
    assertEquals(0.2, (double) hit / all, 3 * Math.sqrt(0.16 / all));
  }

  @Test
  void wrongCallsGetAClientErrorFromWhoeverServesThem() {
    Scenario village = Villages.lonely(new FaultKind.Lag(1), 5, 10);
    Postman postman = new Postman();
    Engine.play(village.withLoad(village.load().withInvalidShare(0.4)), postman, 6);
    int all = postman.replies.size();
    long wrong =
        postman.replies.stream().filter(l -> l.result() == AttemptResult.CLIENT_ERROR).count();
    assertEquals(0.4, (double) wrong / all, 3 * Math.sqrt(0.24 / all));
    assertEquals(0, postman.replies.stream().filter(l -> l.result().isFailure()).count());
  }

  @Test
  void whatCannotBeReachedTellsNeitherItsDistanceNorItsHead() {
    for (FaultKind kind :
        List.of(new FaultKind.BlackHole(), new FaultKind.Refuse(), new FaultKind.Absent())) {
      Postman postman =
          new Postman() {
            @Override
            void begin() {
              network().schedule(() -> look(false), 4 * SECOND);
              network().schedule(() -> look(true), 7 * SECOND);
              network().schedule(() -> look(false), 11 * SECOND);
            }

            private void look(boolean isGone) {
              assertEquals(isGone, Double.isNaN(network().rttMillis(0)));
              assertEquals(isGone, network().headBlocks(0) < 0);
            }
          };
      Engine.play(Villages.lonely(kind, 5, 10), postman, 1);
    }
  }

  @Test
  void whoeverHealsBeginsWithEmptySlotsAndAnEmptyQueue() {
    for (FaultKind kind : List.of(new FaultKind.BlackHole(), new FaultKind.Refuse())) {
      Scenario village = Villages.lonely(kind, 5, 10);
      SimUpstream a = village.world().upstreams().get(0);
      World world =
          new World(List.of(new SimUpstream(a.spec(), a.path(), Server.of(2, 0.7))), SECOND);
      Postman postman = new Postman();
      Engine.play(
          new Scenario("small", world, village.load(), village.faults(), village.play()),
          postman,
          5);
      long answered =
          postman.replies.stream()
              .filter(l -> l.sentNanos() > UNTIL && l.result() == AttemptResult.SUCCESS)
              .count();
      long sent = postman.sent.stream().filter(x -> x.sentNanos() > UNTIL).count();
      assertEquals(sent, answered);
    }
  }
}
