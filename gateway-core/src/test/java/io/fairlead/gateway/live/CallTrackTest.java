package io.fairlead.gateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.load.EndedCall;
import io.fairlead.gateway.demo.load.Outcome;
import org.junit.jupiter.api.Test;

/** The laws of judging what clients waited. */
final class CallTrackTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final CallTrack track = new CallTrack();

  private void add(long dueMillis, long elapsedMillis, EndedCall.Route route, Outcome outcome) {
    track.add(new EndedCall(dueMillis * MILLI, MILLI, elapsedMillis * MILLI, route, outcome));
  }

  private void add(long dueMillis, long elapsedMillis) {
    add(dueMillis, elapsedMillis, new EndedCall.Route("u", 1), Outcome.RIGHT);
  }

  /** A hundred calls a second. */
  private void steady(long fromMillis, long untilMillis, long elapsedMillis) {
    for (long due = fromMillis; due < untilMillis; due += 10) {
      add(due, elapsedMillis);
    }
  }

  @Test
  void aCallBelongsToWhenItWasDueAndNotToWhenItEnded() {
    add(500, 900);
    assertEquals(1, track.latency(0, SECOND).calls());
    assertEquals(0, track.latency(SECOND, 2 * SECOND).calls());
    assertEquals(900, track.latency(0, SECOND).maxMillis(), 1);
  }

  @Test
  void theSecondAfterAFaultHasTheCallsInFlightAtIt() {
    add(500, 100);
    add(900, 700);
    add(1_500, 5);
    add(2_000, 5);
    LiveResult.Latency second = track.secondAfter(SECOND);
    assertEquals(2, second.calls());
    assertEquals(700, second.maxMillis(), 1);
  }

  @Test
  void failedAndWrongCallsAreToldApartAndBothWait() {
    add(1, 10, EndedCall.Route.UNKNOWN, new Outcome(Outcome.Kind.FAILED, "x"));
    add(2, 20, EndedCall.Route.UNKNOWN, new Outcome(Outcome.Kind.WRONG, "x"));
    add(3, 30);
    assertEquals(1, track.failed(0, SECOND));
    assertEquals(1, track.wrong(0, SECOND));
    assertEquals(3, track.count(0, SECOND));
    assertEquals(3, track.latency(0, SECOND).calls());
  }

  @Test
  void calmBeginsWithTheFirstSecondUnderTheBound() {
    steady(0, 1_000, 300);
    steady(1_000, 5_000, 20);
    assertEquals(1_000, track.calmMillis(0, 5 * SECOND, 30), 1);
    assertEquals(0, track.calmMillis(2 * SECOND, 5 * SECOND, 30), 1);
    assertEquals(Double.POSITIVE_INFINITY, track.calmMillis(0, 5 * SECOND, 10));
  }

  @Test
  void whetherItIsCalmCannotBeToldOfAFewCalls() {
    add(1, 10);
    assertTrue(Double.isNaN(track.calmMillis(0, 5 * SECOND, 30)));
  }

  @Test
  void onlyCallsOfOneAttemptSpeakForTheirUpstream() {
    add(1, 10, new EndedCall.Route("healthy", 1), Outcome.RIGHT);
    add(2, 500, new EndedCall.Route("healthy", 2), Outcome.RIGHT);
    add(3, 700, new EndedCall.Route("ill", 1), Outcome.RIGHT);
    LiveResult.Latency served = track.served(0, SECOND, id -> id.equals("healthy"));
    assertEquals(1, served.calls());
    assertEquals(10, served.maxMillis(), 1);
  }

  @Test
  void warmingUpIsForgotten() {
    add(-5, 10);
    assertEquals(0, track.count(0, SECOND));
    assertEquals(0, track.secondAfter(0).calls());
  }
}
