package io.fairlead.routing.evidence;

import io.fairlead.routing.evidence.Jury.Standing;

/**
 * Whether a suspicion against a whole domain that has grown slowly is borne out by all its calls.
 *
 * <p><b>Idea.</b> Each member's score is the worst stretch of its own past: it forgets its good
 * times and keeps the bad ones. That is what makes a CUSUM quick, and a sum of many of them
 * gullible: with twelve members there is always one whose luck has just been bad, and what each of
 * them collected in another minute adds up (the tail of a sum of n exponentials is that of a Gamma
 * distribution, and at 18 that of twelve is a million times that of one). A common cause begins
 * everywhere at one moment and shows in all calls since. So when the first of the evidence is older
 * than five seconds, the domain's failure rate over the last minute, all of its serving members and
 * all their outcomes together, must be half as much again as what healthy ones would have.
 *
 * <p><b>Bounds.</b> A domain that refuses calls, or fails three in ten, is convicted long before
 * that and is not held up; one that fails a little more than others for less than a minute may be.
 *
 * <p>Cost: O(members), only when a domain trips.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class LongSuspicion {
  private static final long LONG_NANOS = 5_000_000_000L;
  private static final double MARGIN = 1.5;
  private static final int MINUTE = 0;

  private final Docket docket;

  LongSuspicion(Docket docket) {
    this.docket = docket;
  }

  /** Whether some upstreams, tried together, may be convicted as far as this goes. */
  boolean allows(int[] tried) {
    if (docket.suspectFor(tried) < LONG_NANOS) {
      return true;
    }
    double bad = 0;
    double total = 0;
    double p0 = 0;
    for (int i : tried) {
      if (docket.standing[i] == Standing.SERVING) {
        Suspicion accused = docket.of(i).suspicion();
        bad += accused.window(MINUTE).bad();
        total += accused.window(MINUTE).total();
        p0 = Math.max(p0, accused.score() > 0 ? accused.p0() : 0);
      }
    }
    return bad >= MARGIN * p0 * total;
  }
}
