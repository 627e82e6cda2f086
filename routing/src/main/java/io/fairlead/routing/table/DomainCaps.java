package io.fairlead.routing.table;

import java.util.Map;

/**
 * Keeps the shares of failure domains at or under their caps by water-filling.
 *
 * <p><b>Idea.</b> Pour one unit of share over the upstreams in proportion to their natural shares.
 * Where a domain overflows its cap, freeze its members at what fits and pour what is left over the
 * free ones again, worst overflow first, until nothing overflows. A domain of one kind may hold
 * members that a domain of another kind has frozen already (a region within a cloud, a vendor
 * across both); then all its members shrink together, so frozen shares only ever fall.
 *
 * <p><b>Yielding.</b> When nobody is free and share is left over, the caps cannot all hold while
 * every call is served. Calls win: all shares grow together until they sum to one, and {@link
 * #hasYielded()} says so. Upstreams on their way back ({@code held}) keep their small share until
 * then.
 *
 * <p><b>Bounds.</b> Every round freezes one more domain, so there are at most as many rounds as
 * domains; O(rounds x (n + memberships)). With caps of one kind the result is the exact
 * water-filling; with overlapping kinds it is feasible whenever no yielding is reported, yet may
 * leave a domain below its cap that an exact linear programme would fill.
 *
 * <p>Thread-safety: none; used within one table's making.
 *
 * <p>Source: the classic water-filling of max-min fairness (Bertsekas and Gallager, "Data
 * Networks", 6.5.2), with proportional instead of equal filling.
 */
final class DomainCaps {
  private static final double TOLERANCE = 1e-9;

  private final Topology topology;
  private final double[] cap;
  private final boolean anyCap;
  private boolean yielded;

  /**
   * Caps for the domains of a topology.
   *
   * @param topology the domains
   * @param maxShare the cap of each kind of domain, 0 to 1
   */
  DomainCaps(Topology topology, Map<String, Double> maxShare) {
    this.topology = topology;
    cap = new double[topology.domains().size()];
    boolean any = false;
    for (int d = 0; d < cap.length; d++) {
      cap[d] = maxShare.getOrDefault(topology.domains().get(d).kind(), 1.0);
      any |= cap[d] < 1;
    }
    anyCap = any;
  }

  /** Whether the last {@link #apply} had to let caps go rather than lose calls. */
  boolean hasYielded() {
    return yielded;
  }

  /**
   * Moves share between upstreams until the caps hold or nobody can take more.
   *
   * @param shares summing to 1; rewritten
   * @param held whose share does not grow, since they are on their way back; rewritten
   */
  void apply(double[] shares, boolean[] held) {
    yielded = false;
    if (!anyCap) {
      return;
    }
    double[] natural = shares.clone();
    for (int round = 0; round <= cap.length; round++) {
      int worst = worstOverflow(shares);
      if (worst < 0) {
        return;
      }
      shrink(shares, held, worst);
      if (!pour(shares, natural, held)) {
        yielded = true;
        scaleToOne(shares);
        return;
      }
    }
  }

  private int worstOverflow(double[] shares) {
    int worst = -1;
    double worstRatio = 1 + TOLERANCE;
    for (int d = 0; d < cap.length; d++) {
      if (cap[d] < 1) {
        double ratio = sum(shares, d) / Math.max(cap[d], TOLERANCE);
        if (ratio > worstRatio) {
          worstRatio = ratio;
          worst = d;
        }
      }
    }
    return worst;
  }

  private double sum(double[] shares, int domain) {
    double sum = 0;
    for (int i : topology.members(domain)) {
      sum += shares[i];
    }
    return sum;
  }

  private void shrink(double[] shares, boolean[] held, int domain) {
    double factor = Math.max(cap[domain], TOLERANCE) / sum(shares, domain);
    for (int i : topology.members(domain)) {
      shares[i] *= factor;
      held[i] = true;
    }
  }

  private static boolean pour(double[] shares, double[] natural, boolean[] held) {
    double frozen = 0;
    double free = 0;
    for (int i = 0; i < shares.length; i++) {
      if (held[i]) {
        frozen += shares[i];
      } else {
        free += natural[i];
      }
    }
    if (!(free > 0)) {
      return frozen >= 1 - TOLERANCE;
    }
    for (int i = 0; i < shares.length; i++) {
      if (!held[i]) {
        shares[i] = natural[i] * (1 - frozen) / free;
      }
    }
    return true;
  }

  private static void scaleToOne(double[] shares) {
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
  }
}
