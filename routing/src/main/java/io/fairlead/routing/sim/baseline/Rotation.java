package io.fairlead.routing.sim.baseline;

/**
 * Smooth weighted round robin: everybody gains its weight with each turn, the one with most credit
 * is next and pays the sum of the weights.
 *
 * <p>With equal weights that is the plain cycle in the order of the upstreams. Whoever is not free
 * sits out the turn: it neither gains nor pays.
 *
 * <p>Cost: one pass over the members for each turn.
 *
 * <p>Source: I. Sysoev, nginx commit 52327e0627f4 "Upstream: smooth weighted round-robin balancing"
 * (2012).
 */
final class Rotation {
  private final double[] credit;

  Rotation(int upstreams) {
    credit = new double[upstreams];
  }

  /**
   * Whose turn it is.
   *
   * @param baseline whose members turn
   * @param tries who was asked already
   * @param weights by upstream, more than 0
   * @return an upstream, or {@link Baseline#NONE} when nobody is free
   */
  int next(Baseline baseline, Tries tries, double[] weights) {
    Members members = baseline.members();
    int best = Baseline.NONE;
    double sum = 0;
    for (int i = 0; i < members.size(); i++) {
      int u = members.get(i);
      if (baseline.isFree(u, tries)) {
        credit[u] += weights[u];
        sum += weights[u];
        best = best < 0 || credit[u] > credit[best] ? u : best;
      }
    }
    if (best >= 0) {
      credit[best] -= sum;
    }
    return best;
  }
}
