package io.fairlead.routing.evidence;

import io.fairlead.routing.evidence.Jury.Standing;

/**
 * Whether somebody else is demonstrably well at the very time at which the accused is not.
 *
 * <p><b>Idea.</b> Rates elsewhere are of the past. When clients begin to send rubbish that nobody
 * recognises, or the gateway pauses, everybody fails, yet the first six failures may all fall on
 * one domain, most of all on one that carries most of the traffic. So in the first second of
 * suspicion nobody is convicted unless some domain apart from the accused did well meanwhile: its
 * outcomes since then must be 150 times as likely for a healthy domain as for one that fails like
 * the accused:
 *
 * <pre>  g ln((1 - p0) / (1 - r)) + b ln(p0 / r) >= 5</pre>
 *
 * with g and b its good and bad outcomes and r how often the accused fails, if everything that it
 * has in flight succeeds (failures are often quicker; where the evidence is silence this does not
 * apply) and two more do (who was picked out of many had bad luck as well). What came in sooner
 * after the suspicion began than an answer takes was sent before, and says nothing. Against one
 * that fails every time four good answers elsewhere suffice, and the retries of its calls bring
 * them within a round trip; against one that fails one time in five it takes thirty. After a second
 * the {@link Baseline} knows what is the rule.
 *
 * <p>Cost: O(domains x memberships), only when somebody trips.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: A. Wald, "Sequential tests of statistical hypotheses", Ann. Math. Stat. 16 (1945).
 */
final class Alibi {
  private static final double NEEDED = 5;
  private static final long NEEDED_FOR_NANOS = 1_000_000_000L;
  private static final double LEAST_RATE = 0.05;
  private static final double LUCK = 2;

  private final Docket docket;

  Alibi(Docket docket) {
    this.docket = docket;
  }

  /** Whether some upstreams, tried together, may be convicted as far as others' well-being goes. */
  boolean allows(int[] tried) {
    if (docket.suspectFor(tried) >= NEEDED_FOR_NANOS) {
      return true;
    }
    long since = docket.suspectSinceNanos(tried);
    double good = 0;
    double bad = 0;
    double p0 = 0;
    for (int i : tried) {
      if (docket.standing[i] == Standing.SERVING) {
        Suspicion accused = docket.of(i).suspicion();
        accused.recent().countSince(since);
        boolean isSilent = 2 * accused.silent() > accused.bad();
        good += accused.recent().good() + (isSilent ? 0 : docket.of(i).inFlight());
        bad += accused.recent().bad();
        p0 = Math.max(p0, accused.p0());
      }
    }
    double rate = Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, bad / (good + bad + LUCK)));
    return rate > p0 && isSomebodyWell(tried, p0, rate);
  }

  private boolean isSomebodyWell(int[] tried, double p0, double rate) {
    for (int d = 0; d < docket.domainStanding.length; d++) {
      if (!docket.isTwin(d)
          && docket.isApart(tried, d)
          && isWell(docket.topology.members(d), tried, p0, rate)) {
        return true;
      }
    }
    return tried.length == 1 && isAnotherWell(tried, p0, rate);
  }

  /** Where nobody named a domain, every other upstream is one. */
  private boolean isAnotherWell(int[] tried, double p0, double rate) {
    int[] self = new int[1];
    for (int i = 0; i < docket.score.length; i++) {
      self[0] = i;
      if (!docket.topology.shareDomain(i, tried[0]) && isWell(self, tried, p0, rate)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWell(int[] members, int[] tried, double p0, double rate) {
    long since = docket.suspectSinceNanos(tried);
    double good = 0;
    double bad = 0;
    for (int i : members) {
      if (docket.standing[i] == Standing.SERVING) {
        RecentOutcomes recent = docket.of(i).suspicion().recent();
        recent.countSince(since + docket.of(i).lagNanos());
        good += recent.good();
        bad += recent.bad();
      }
    }
    return good * Math.log((1 - p0) / (1 - rate)) + bad * Math.log(p0 / rate) >= NEEDED;
  }
}
