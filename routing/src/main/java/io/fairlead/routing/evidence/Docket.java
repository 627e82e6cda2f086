package io.fairlead.routing.evidence;

import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;
import io.fairlead.routing.table.Topology;
import java.util.Arrays;

/**
 * The evidence that lies before the jury: scores and standing by upstream and domain.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Docket {
  final Topology topology;
  final double[] score;
  final Standing[] standing;
  final DomainStanding[] domainStanding;
  private final Testimony[] testimony;
  private final boolean[] isTwin;
  long nowNanos;

  Docket(Topology topology) {
    this.topology = topology;
    score = new double[topology.size()];
    standing = new Standing[topology.size()];
    testimony = new Testimony[topology.size()];
    Arrays.fill(testimony, new Testimony(0, new Suspicion(), 0, 0));
    Arrays.fill(standing, Standing.ABSENT);
    domainStanding = new DomainStanding[topology.domains().size()];
    isTwin = new boolean[domainStanding.length];
    for (int d = 0; d < isTwin.length; d++) {
      for (int other = 0; other < d && !isTwin[d]; other++) {
        isTwin[d] = Arrays.equals(topology.members(d), topology.members(other));
      }
    }
  }

  void set(int index, Standing newStanding, Testimony evidence) {
    standing[index] = newStanding;
    score[index] = evidence.score();
    testimony[index] = evidence;
  }

  Testimony of(int index) {
    return testimony[index];
  }

  /** Whether a domain has none of some upstreams. */
  boolean isApart(int[] some, int domain) {
    for (int i : some) {
      if (topology.isMember(i, domain)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a domain before it has the very same members. */
  boolean isTwin(int domain) {
    return isTwin[domain];
  }

  /** How many members take part, serving or just out. */
  int taking(int domain) {
    int taking = 0;
    for (int i : topology.members(domain)) {
      taking += standing[i] == Standing.ABSENT ? 0 : 1;
    }
    return taking;
  }

  /** The scores of members of one standing, each bounded. */
  double sum(int domain, Standing of, double bound) {
    double sum = 0;
    for (int i : topology.members(domain)) {
      sum += standing[i] == of ? Math.min(score[i], bound) : 0;
    }
    return sum;
  }

  /** How much of a threshold one of so many members can contribute. */
  static double say(double threshold, int taking) {
    return threshold / Math.max(2, (taking + 1) / 2);
  }

  /** When the first attempt that speaks against any of some upstreams was sent on its way. */
  long suspectSinceNanos(int[] some) {
    long since = nowNanos;
    for (int i : some) {
      boolean isSuspect = score[i] > 0 && standing[i] == Standing.SERVING;
      long own = testimony[i].suspicion().sinceNanos();
      since = isSuspect && own - since < 0 ? own : since;
    }
    return since;
  }

  /** How long ago that was. */
  long suspectFor(int[] some) {
    return nowNanos - suspectSinceNanos(some);
  }
}
