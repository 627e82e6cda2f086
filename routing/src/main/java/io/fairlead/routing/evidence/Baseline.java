package io.fairlead.routing.evidence;

import io.fairlead.routing.table.Topology;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failure rate that is nobody's fault: what the best failure domain sees that an upstream does
 * not belong to.
 *
 * <p><b>Idea.</b> If clients send rubbish, or the gateway itself stumbles, every domain sees it,
 * the best one included; if clouds fail, the best of the others does not. So the lowest rate among
 * the domains with enough evidence that do not contain the upstream is what it may be measured
 * against. A pooled or median rate would rise when several domains fail at once and so protect
 * them.
 *
 * <p>Each domain's rate is the largest over three windows: five seconds with at least 20 samples,
 * and 250 and 60 ms with at least 10 each and one failure forgiven. A stall of the gateway makes
 * attempts overdue everywhere within milliseconds, long before a slow rate moves.
 *
 * <p>Without any such domain (nobody named one) other upstreams stand in, each a domain of itself.
 *
 * <p>Cost: O(n + memberships) for each tick with news, and a sort of the domains.
 *
 * <p>Thread-safety: none; control loop only.
 */
public final class Baseline {
  private static final double MIN_LONG = 20;
  private static final double MIN_SHORT = 10;
  private static final double NOTHING = -1;

  private final Topology topology;
  private final double[] rate;
  private final double[] upstreamRate;
  private final Integer[] order;
  private final int[] self = new int[1];

  /**
   * A baseline over the domains of a topology.
   *
   * @param topology the domains
   */
  public Baseline(Topology topology) {
    this.topology = topology;
    rate = new double[topology.domains().size()];
    upstreamRate = new double[topology.size()];
    order = new Integer[rate.length];
    Arrays.setAll(order, d -> d);
  }

  /**
   * Takes stock.
   *
   * @param windows success and failure by upstream, over a longer and shorter while, the longest
   *     first; null where evidence is explained
   */
  public void update(List<@Nullable FadingRatio[]> windows) {
    Arrays.fill(rate, NOTHING);
    Arrays.fill(upstreamRate, NOTHING);
    for (int w = 0; w < windows.size(); w++) {
      boolean isLong = w == 0;
      for (int d = 0; d < rate.length; d++) {
        rate[d] = Math.max(rate[d], rate(windows.get(w), topology.members(d), isLong));
      }
      for (int i = 0; i < upstreamRate.length; i++) {
        self[0] = i;
        upstreamRate[i] = Math.max(upstreamRate[i], rate(windows.get(w), self, isLong));
      }
    }
    Arrays.sort(order, (a, b) -> Double.compare(rate[a], rate[b]));
  }

  private static double rate(@Nullable FadingRatio[] window, int[] members, boolean isLong) {
    double bad = isLong ? 0 : -1;
    double total = 0;
    for (int i : members) {
      FadingRatio ratio = window[i];
      if (ratio != null) {
        bad += ratio.bad();
        total += ratio.total();
      }
    }
    return total >= (isLong ? MIN_LONG : MIN_SHORT) ? Math.max(0, bad) / total : NOTHING;
  }

  /**
   * The failure rate outside the domains of an upstream.
   *
   * @param index the upstream's number
   * @return 0 to 1; 0 if nothing is known of anybody else
   */
  public double rateElsewhere(int index) {
    for (int d : order) {
      if (rate[d] >= 0 && !topology.isMember(index, d)) {
        return rate[d];
      }
    }
    double lowest = 2;
    for (int i = 0; i < upstreamRate.length; i++) {
      boolean isOther = upstreamRate[i] >= 0 && !topology.shareDomain(i, index);
      lowest = isOther ? Math.min(lowest, upstreamRate[i]) : lowest;
    }
    return lowest <= 1 ? lowest : 0;
  }
}
