package io.fairlead.routing.table;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the shares of failure domains at or under their caps, and those of upstreams at what each
 * can carry, by water-filling.
 *
 * <p><b>Idea.</b> Pour one unit of share over the upstreams in proportion to their natural shares.
 * Where an upstream or a domain overflows, freeze it at what fits and pour what is left over the
 * free ones again, worst domain first, until nothing overflows. A domain of one kind may hold
 * members that a domain of another kind has frozen already (a region within a cloud, a vendor
 * across both); then all its members shrink together, so frozen shares only ever fall.
 *
 * <p><b>Overlap.</b> With caps of one kind, or of kinds within each other, that is exact. Where
 * clouds and vendors overlap, freezing can paint itself into a corner that another split would
 * avoid. If share is left over then, the projection decides: among all splits within the caps, find
 * the one nearest to the natural shares in the sense of Kullback and Leibler. It scales each
 * upstream by one factor for each of its domains; cyclic scaling (Bregman's method, of which
 * iterative proportional fitting is the best known case) converges to it whenever a split exists.
 *
 * <p><b>Not all fits.</b> If no split serves all calls, {@link #fit} says how much fits, and the
 * shares are left at that; who must yield then is decided by {@link Shares}.
 *
 * <p><b>Bounds.</b> Caps hold to rounding, after the projection to a thousandth. Every round
 * freezes at least one more, and upstreams that overflow freeze together: some rounds of O(n +
 * memberships). The projection takes at most 1,000 sweeps of the same cost, only with overlapping
 * caps that leave share over.
 *
 * <p>Thread-safety: none; used within one table's making.
 *
 * <p>Source: the classic water-filling of max-min fairness (Bertsekas and Gallager, "Data
 * Networks", 6.5.2), with proportional instead of equal filling; L. M. Bregman, "The relaxation
 * method of finding the common point of convex sets", 1967; Csiszar, "I-divergence geometry", 1975.
 */
final class DomainCaps {
  /** How far caps may be overstepped by rounding and by the projection's last step. */
  static final double SLACK = 1e-3;

  private static final double TOLERANCE = 1e-9;
  private static final double LEAST_CAP = 1e-9;
  private static final int SWEEPS = 1000;

  private final Topology topology;
  private final double[] cap;
  private final int[] capped;
  private final boolean overlap;

  /**
   * Caps for the domains of a topology.
   *
   * @param topology the domains
   * @param maxShare the cap of each kind of domain, 0 to 1
   */
  DomainCaps(Topology topology, Map<String, Double> maxShare) {
    this.topology = topology;
    cap = new double[topology.domains().size()];
    int[] found = new int[cap.length];
    int count = 0;
    Set<String> kinds = new HashSet<>();
    for (int d = 0; d < cap.length; d++) {
      String kind = topology.domains().get(d).kind();
      cap[d] = Math.max(LEAST_CAP, maxShare.getOrDefault(kind, 1.0));
      if (cap[d] < 1) {
        found[count++] = d;
        kinds.add(kind);
      }
    }
    capped = Arrays.copyOf(found, count);
    overlap = kinds.size() > 1;
  }

  /**
   * Moves share between upstreams until caps hold.
   *
   * @param shares summing to 1; rewritten, and summing to what is returned
   * @param most what each upstream can have at the most
   * @return 1, or less if no more fits
   */
  double fit(double[] shares, double[] most) {
    double[] natural = shares.clone();
    double carried = fill(shares, natural, most, capped);
    if (carried < 1 - SLACK && overlap) {
      double[] other = natural.clone();
      double more = project(other, most);
      if (more > carried) {
        System.arraycopy(other, 0, shares, 0, shares.length);
        carried = more;
      }
    }
    return carried;
  }

  /** The same for upstreams alone, whatever the caps of domains. */
  double fitWithoutCaps(double[] shares, double[] most) {
    return fill(shares, shares.clone(), most, new int[0]);
  }

  /** Whether the caps hold, but for rounding. */
  boolean hold(double[] shares) {
    for (int d : capped) {
      if (sum(shares, d) > cap[d] * (1 + 2 * SLACK)) {
        return false;
      }
    }
    return true;
  }

  /** Marks the members of domains that are at their caps. */
  boolean[] atCap(double[] shares) {
    boolean[] at = new boolean[shares.length];
    for (int d : capped) {
      if (sum(shares, d) >= cap[d] * (1 - SLACK)) {
        for (int i : topology.members(d)) {
          at[i] = true;
        }
      }
    }
    return at;
  }

  private double fill(double[] shares, double[] natural, double[] most, int[] domains) {
    boolean[] frozen = new boolean[shares.length];
    for (int round = 0; round < shares.length + 2 * domains.length + 1; round++) {
      boolean isFrozen = freeze(shares, most, frozen);
      int worst = worstOverflow(shares, domains);
      if (worst >= 0) {
        shrink(shares, frozen, worst);
      } else if (!isFrozen) {
        return 1;
      }
      if (!pour(shares, natural, frozen)) {
        double carried = total(shares);
        return carried >= 1 - TOLERANCE ? 1 : carried;
      }
    }
    return clamp(shares, most);
  }

  private static boolean freeze(double[] shares, double[] most, boolean[] frozen) {
    boolean any = false;
    for (int i = 0; i < shares.length; i++) {
      if (!frozen[i] && shares[i] > most[i] * (1 + TOLERANCE)) {
        shares[i] = most[i];
        frozen[i] = true;
        any = true;
      }
    }
    return any;
  }

  private int worstOverflow(double[] shares, int[] domains) {
    int worst = -1;
    double worstRatio = 1 + TOLERANCE;
    for (int d : domains) {
      double ratio = sum(shares, d) / cap[d];
      if (ratio > worstRatio) {
        worstRatio = ratio;
        worst = d;
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

  private void shrink(double[] shares, boolean[] frozen, int domain) {
    scale(shares, domain, cap[domain] / sum(shares, domain));
    for (int i : topology.members(domain)) {
      frozen[i] = true;
    }
  }

  private void scale(double[] shares, int domain, double factor) {
    for (int i : topology.members(domain)) {
      shares[i] *= factor;
    }
  }

  private static boolean pour(double[] shares, double[] natural, boolean[] frozen) {
    double held = 0;
    double free = 0;
    for (int i = 0; i < shares.length; i++) {
      held += frozen[i] ? shares[i] : 0;
      free += frozen[i] ? 0 : natural[i];
    }
    if (!(free > 0)) {
      return false;
    }
    for (int i = 0; i < shares.length; i++) {
      if (!frozen[i]) {
        shares[i] = natural[i] * (1 - held) / free;
      }
    }
    return true;
  }

  private double project(double[] shares, double[] most) {
    double[] ofDomain = new double[cap.length];
    double[] ofUpstream = new double[shares.length];
    Arrays.fill(ofDomain, 1);
    Arrays.fill(ofUpstream, 1);
    double carried = 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int d : capped) {
        double sum = sum(shares, d);
        double factor = sum > 0 ? Math.min(1 / ofDomain[d], cap[d] / sum) : 1;
        ofDomain[d] *= factor;
        scale(shares, d, factor);
      }
      for (int i = 0; i < shares.length; i++) {
        double factor = shares[i] > 0 ? Math.min(1 / ofUpstream[i], most[i] / shares[i]) : 1;
        ofUpstream[i] *= factor;
        shares[i] *= factor;
      }
      carried = total(shares);
      if (!(carried > 0) || (Math.abs(carried - 1) < TOLERANCE && hold(shares))) {
        break;
      }
      scaleTo(1, shares);
    }
    return clamp(shares, most);
  }

  /** Cuts what oversteps, so that everything holds for sure. */
  private double clamp(double[] shares, double[] most) {
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.min(shares[i], most[i]);
    }
    for (int d : capped) {
      double sum = sum(shares, d);
      if (sum > cap[d]) {
        scale(shares, d, cap[d] / sum);
      }
    }
    double carried = total(shares);
    if (carried < 1 - SLACK) {
      return carried;
    }
    scaleTo(1, shares);
    return 1;
  }

  static double total(double[] shares) {
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    return sum;
  }

  static void scaleTo(double target, double[] shares) {
    double factor = target / total(shares);
    for (int i = 0; i < shares.length; i++) {
      shares[i] *= factor;
    }
  }
}
