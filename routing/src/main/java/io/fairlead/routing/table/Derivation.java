package io.fairlead.routing.table;

/**
 * The arithmetic from an upstream's factors to its share of a method class.
 *
 * <pre>  share = base x readiness x tier x cap
 *  base  = (1 - T) x w p / sum(w p) + T x w / sum(w)
 *  p     = (bestCost / cost)^(2 bias)</pre>
 *
 * <p>The sums run over those in the upstream's tier who are whole; for one that is not, over
 * everyone ready. The class's shares are {@link #share()} of each upstream, to the last digits:
 * what is not in here has no part in a share.
 *
 * @param base its part among those whole, and for one that is not, if everybody were
 * @param readinessFactor readiness, for those who are not whole; for the others what those leave
 *     them, 1 or less
 * @param tierFactor the part of the class that its tier carries
 * @param capFactor what caps of failure domains, limits and quotas made of the share: below 1
 *     taken, above 1 given
 */
public record Derivation(Base base, double readinessFactor, double tierFactor, double capFactor) {
  /**
   * An upstream's part of its tier by weight and preference.
   *
   * @param weight w: what the operator said
   * @param preference p: how near and fast it is against the best
   * @param sumPreferred sum(w p)
   * @param sumWeight sum(w)
   * @param trickle T: the part that follows the weights alone
   */
  public record Base(
      double weight, Preference preference, double sumPreferred, double sumWeight, double trickle) {
    /**
     * The part.
     *
     * @return 0 to 1
     */
    public double value() {
      double preferred = weight * preference.value() / sumPreferred;
      return (1 - trickle) * preferred + trickle * weight / sumWeight;
    }
  }

  /**
   * How near and fast an upstream is against the best of its tier.
   *
   * @param bestMillis the least cost among those it shares with
   * @param costMillis its own; their median while unknown
   * @param bias 0 for exactly the weights
   */
  public record Preference(double bestMillis, double costMillis, double bias) {
    /** The exponent for each unit of bias. */
    public static final double STEEPNESS = 2;

    /**
     * The factor.
     *
     * @return 0 to 1
     */
    public double value() {
      return Math.pow(bestMillis / costMillis, STEEPNESS * bias);
    }
  }

  /**
   * The share.
   *
   * @return 0 to 1
   */
  public double share() {
    return base.value() * readinessFactor * tierFactor * capFactor;
  }
}
