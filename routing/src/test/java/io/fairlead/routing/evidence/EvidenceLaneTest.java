package io.fairlead.routing.evidence;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.LOGS;
import static io.fairlead.routing.MethodClass.READ;
import static io.fairlead.routing.MethodClass.TRACE;
import static io.fairlead.routing.evidence.ClassGroup.HEAVY;
import static io.fairlead.routing.evidence.ClassGroup.QUICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class EvidenceLaneTest {
  private static final long MILLI = 1_000_000L;

  private final Upstream a = new Upstream("test", 3, Upstreams.spec("a", "aws"));
  private final Upstream b = new Upstream("test", 9, Upstreams.spec("b", "gcp"));
  private int rings;
  private final EvidenceLane lane = new EvidenceLane(() -> rings++);
  private final Tally tally = new Tally();

  private boolean drain(Upstream upstream) {
    tally.clear();
    return lane.drain(upstream, tally);
  }

  @Test
  void aDrainTellsWhatHappenedSinceTheLastOne() {
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, MILLI);
    lane.onAttempt(a, READ, AttemptResult.CLIENT_ERROR, MILLI);
    lane.onAttempt(a, READ, AttemptResult.FAILED, 5 * MILLI);
    lane.onAttempt(b, READ, AttemptResult.TIMED_OUT, MILLI);
    assertTrue(drain(a));
    assertEquals(2, tally.health(QUICK).good());
    assertEquals(1, tally.health(QUICK).bad());
    assertEquals(5 * MILLI, tally.failureNanos());
    assertEquals(1, tally.successes(READ));
    assertFalse(drain(a));
    assertEquals(0, tally.health(QUICK).good() + tally.health(QUICK).bad());
    assertTrue(drain(b));
    assertEquals(1, tally.health(QUICK).bad());
  }

  @Test
  void whatSaysNothingOnHealthCountsOnNeitherSide() {
    lane.onAttempt(a, LIGHT, AttemptResult.LIMITED, MILLI);
    lane.onAttempt(a, LIGHT, AttemptResult.CANCELLED, MILLI);
    lane.onAttempt(a, LIGHT, AttemptResult.ACCOUNT_REFUSED, MILLI);
    assertTrue(drain(a));
    assertEquals(0, tally.health(QUICK).good() + tally.health(QUICK).bad());
    assertEquals(1, tally.accountRefused());
  }

  @Test
  void anOverdueAttemptThatFailsIsCountedOnce() {
    lane.onOverdue(a, LIGHT, 50 * MILLI);
    assertTrue(drain(a));
    assertEquals(1, tally.health(QUICK).bad());
    lane.onOverdueEnd(a, LIGHT, AttemptResult.TIMED_OUT, 2000 * MILLI);
    assertTrue(drain(a));
    assertEquals(0, tally.health(QUICK).bad());
    assertEquals(1, tally.failures(LIGHT));
  }

  @Test
  void anOverdueAttemptThatSucceedsIsCredited() {
    lane.onOverdue(a, LIGHT, 50 * MILLI);
    drain(a);
    lane.onOverdueEnd(a, LIGHT, AttemptResult.SUCCESS, 60 * MILLI);
    assertTrue(drain(a));
    assertEquals(0, tally.health(QUICK).bad());
    assertEquals(1, tally.health(QUICK).credits());
    assertEquals(1, tally.health(QUICK).good());
  }

  @Test
  void resultsBeyondTheLimitAreSlowAndNeverMoreThanThereAreResults() {
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, 500 * MILLI);
    lane.setSlowAbove(a, LIGHT, 10 * MILLI);
    drain(a);
    assertEquals(0, tally.pace(QUICK).bad(), "nobody said what is slow");
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, 10 * MILLI);
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, 10 * MILLI + 1000);
    lane.onAttempt(a, LIGHT, AttemptResult.FAILED, 99 * MILLI);
    lane.onAttempt(a, READ, AttemptResult.SUCCESS, 99 * MILLI);
    assertTrue(drain(a));
    assertEquals(1, tally.pace(QUICK).bad());
    assertEquals(2, tally.pace(QUICK).good());
  }

  @Test
  void quickAndHeavyCallsAreCountedApart() {
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, MILLI);
    lane.onAttempt(a, TRACE, AttemptResult.FAILED, MILLI);
    lane.onOverdue(a, LOGS, MILLI);
    drain(a);
    assertEquals(new Outcomes(1, 0, 0, 0), tally.health(QUICK));
    assertEquals(new Outcomes(0, 2, 1, 0), tally.health(HEAVY));
  }

  @Test
  void theDoorbellRingsOnceUntilTheNextDrain() {
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, MILLI);
    assertEquals(0, rings);
    lane.onAttempt(a, LIGHT, AttemptResult.FAILED, MILLI);
    lane.onOverdue(b, LIGHT, MILLI);
    assertEquals(1, rings);
    lane.beginDrain();
    lane.onHoldOff(b, -1);
    assertEquals(2, rings);
  }

  @Test
  void theLongestHoldOffWins() {
    lane.onHoldOff(a, -1);
    drain(a);
    assertEquals(-1, tally.retryAfterNanos());
    lane.onHoldOff(a, 7);
    drain(a);
    assertEquals(1, tally.holdOffs());
    assertEquals(7, tally.retryAfterNanos());
  }

  @Test
  void latenciesArriveOnceAndCutOnesApart() {
    lane.onAttempt(a, LIGHT, AttemptResult.SUCCESS, 3 * MILLI);
    lane.onAttempt(a, LIGHT, AttemptResult.TIMED_OUT, 800 * MILLI);
    lane.onAttempt(a, LIGHT, AttemptResult.FAILED, MILLI);
    Collected collected = new Collected();
    lane.drainLatency(a, LIGHT, collected);
    assertEquals(1, collected.exact);
    assertEquals(1, collected.censored);
    lane.drainLatency(a, LIGHT, collected);
    lane.drainLatency(b, LIGHT, collected);
    assertEquals(1, collected.exact);
    assertEquals(1, collected.censored);
  }

  @Test
  void whoIsForgottenStartsAnew() {
    lane.onAttempt(a, LIGHT, AttemptResult.FAILED, MILLI);
    lane.forget(a);
    assertFalse(drain(a));
    lane.onAttempt(a, LIGHT, AttemptResult.FAILED, MILLI);
    assertTrue(drain(a));
    assertEquals(1, tally.health(QUICK).bad());
  }

  private static final class Collected implements LatencySink {
    private long exact;
    private long censored;

    @Override
    public void onExact(Histogram interval) {
      exact += interval.getTotalCount();
    }

    @Override
    public void onCensored(Histogram interval) {
      censored += interval.getTotalCount();
    }
  }
}
