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
  final double[] recent;
  final long[] suspectFor;
  private final boolean[] isTwin;

  Docket(Topology topology) {
    this.topology = topology;
    score = new double[topology.size()];
    standing = new Standing[topology.size()];
    recent = new double[topology.size()];
    suspectFor = new long[topology.size()];
    domainStanding = new DomainStanding[topology.domains().size()];
    isTwin = new boolean[domainStanding.length];
    for (int d = 0; d < isTwin.length; d++) {
      for (int other = 0; other < d && !isTwin[d]; other++) {
        isTwin[d] = Arrays.equals(topology.members(d), topology.members(other));
      }
    }
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

  /** How long ago the first evidence against any of some upstreams was sent on its way. */
  long suspectFor(int[] some) {
    long longest = 0;
    for (int i : some) {
      longest = score[i] > 0 ? Math.max(longest, suspectFor[i]) : longest;
    }
    return longest;
  }
}
