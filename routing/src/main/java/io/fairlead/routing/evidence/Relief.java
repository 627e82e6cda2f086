package io.fairlead.routing.evidence;

import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;

/**
 * What the accused is relieved of, since others suffer alike at the same moment.
 *
 * <p><b>Idea.</b> Rates elsewhere take a while to rise when trouble hits everybody at once: clients
 * that begin to send rubbish, a pause of the gateway. So whoever is tried, domain or upstream, is
 * relieved of what the least guilty domain is guilty of, of those that share nobody with it and
 * that had at least five outcomes in the last quarter of a second. In the first 150 ms of
 * suspicion, and among at least three, it is the second least, since one may be lucky for so long.
 *
 * <p>A domain that was convicted less than a second ago is compared with too, so that the first
 * conviction of an innocent does not bring down the rest one by one. Who fails alone gets no
 * relief, nor do two of three as soon as the third has answered: it is guilty of nothing.
 *
 * <p>Cost: O(domains x memberships), only when somebody trips.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Relief {
  private static final double INFORMED = 5;
  private static final long FRESH_NANOS = 150_000_000L;

  private final Docket docket;

  Relief(Docket docket) {
    this.docket = docket;
  }

  /** To be added to the threshold of some upstreams that are tried together. */
  double of(int[] tried) {
    double least = Double.POSITIVE_INFINITY;
    double second = Double.POSITIVE_INFINITY;
    int informed = 0;
    for (int d = 0; d < docket.domainStanding.length; d++) {
      if (!docket.isTwin(d) && docket.isApart(tried, d) && isInformed(d)) {
        double guilt = suffering(d);
        second = Math.min(second, Math.max(least, guilt));
        least = Math.min(least, guilt);
        informed++;
      }
    }
    if (informed == 0) {
      return tried.length == 1 ? ofUpstream(tried[0]) : 0;
    }
    return informed >= 3 && docket.suspectFor(tried) < FRESH_NANOS ? second : least;
  }

  /** Where nobody named a domain, every other upstream is one. */
  private double ofUpstream(int tried) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < docket.score.length; i++) {
      if (docket.standing[i] == Standing.SERVING
          && docket.of(i).suspicion().recentOutcomes() >= INFORMED
          && !docket.topology.shareDomain(i, tried)) {
        least = Math.min(least, docket.score[i]);
      }
    }
    return least == Double.POSITIVE_INFINITY ? 0 : least;
  }

  private double suffering(int domain) {
    double say = Docket.say(Cusum.THRESHOLD, docket.taking(domain));
    return docket.sum(domain, Standing.SERVING, say) + docket.sum(domain, Standing.JUST_OUT, say);
  }

  private boolean isInformed(int domain) {
    if (docket.domainStanding[domain] != DomainStanding.WHOLE) {
      return docket.domainStanding[domain] == DomainStanding.JUST_OUT;
    }
    double outcomes = 0;
    for (int i : docket.topology.members(domain)) {
      outcomes +=
          docket.standing[i] == Standing.SERVING ? docket.of(i).suspicion().recentOutcomes() : 0;
    }
    return outcomes >= INFORMED;
  }
}
