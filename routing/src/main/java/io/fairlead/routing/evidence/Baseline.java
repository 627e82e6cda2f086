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
 * the domains that do not contain the upstream is what it may be measured against. A pooled or
 * median rate would rise when several domains fail at once and so protect them; it stands in only
 * where it is the lower one, which it is when each domain alone has seen too little.
 *
 * <p><b>With what confidence.</b> The lowest of several noisy rates is too low, and a detector that
 * believes it convicts the innocent. So each domain's rate over the last minute is taken at its
 * upper end, two standard deviations up: (b + 2 sqrt(b + 1) + 1) / n, for b failures of n; but no
 * more than two in a hundred above what was seen, lest ignorance acquit everybody.
 *
 * <p><b>At once.</b> The rate is the largest over that minute and three shorter windows: five
 * seconds with at least 20 samples, and 250 and 60 ms with at least 10 each and one failure
 * forgiven. A stall of the gateway makes attempts overdue everywhere within milliseconds, long
 * before a slow rate moves.
 *
 * <p>Without any such domain (nobody named one) other upstreams stand in, each a domain of itself.
 *
 * <p>Cost: O(n + memberships) for each tick with news, and O(n) for each upstream that is suspect.
 *
 * <p>Thread-safety: none; control loop only.
 */
public final class Baseline {
  private static final double MIN_LONG = 20;
  private static final double MIN_SHORT = 10;
  private static final double DOUBT = 0.02;

  /** Outcomes in a minute that leave next to no doubt about a rate. */
  private static final double AMPLE = 1000;

  private static final double NOTHING = -1;

  private final Topology topology;
  private final double[] rate;
  private final double[] minuteTotal;
  private final double[] upstreamRate;
  private final int[] order;
  private final int[] self = new int[1];
  private List<@Nullable FadingRatio[]> windows = List.of();

  /**
   * A baseline over the domains of a topology.
   *
   * @param topology the domains
   */
  public Baseline(Topology topology) {
    this.topology = topology;
    rate = new double[topology.domains().size()];
    minuteTotal = new double[rate.length];
    upstreamRate = new double[topology.size()];
    order = new int[rate.length];
    Arrays.setAll(order, d -> d);
  }

  /**
   * Takes stock.
   *
   * @param newWindows success and failure by upstream over a minute and ever shorter whiles, the
   *     longest first; null where evidence is explained
   */
  public void update(List<@Nullable FadingRatio[]> newWindows) {
    windows = newWindows;
    Arrays.fill(rate, NOTHING);
    Arrays.fill(upstreamRate, NOTHING);
    for (int d = 0; d < rate.length; d++) {
      minuteTotal[d] = total(windows.get(0), topology.members(d));
    }
    for (int w = 0; w < windows.size(); w++) {
      for (int d = 0; d < rate.length; d++) {
        rate[d] = Math.max(rate[d], rate(windows.get(w), topology.members(d), w));
      }
      for (int i = 0; i < upstreamRate.length; i++) {
        self[0] = i;
        upstreamRate[i] = Math.max(upstreamRate[i], rate(windows.get(w), self, w));
      }
    }
    sort();
  }

  /** By insertion, since the order hardly changes. */
  private void sort() {
    for (int k = 1; k < order.length; k++) {
      int d = order[k];
      int at = k;
      while (at > 0 && rate[order[at - 1]] > rate[d]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = d;
    }
  }

  private static double total(@Nullable FadingRatio[] window, int[] members) {
    double total = 0;
    for (int i : members) {
      FadingRatio ratio = window[i];
      total += ratio == null ? 0 : ratio.total();
    }
    return total;
  }

  private static double rate(@Nullable FadingRatio[] window, int[] members, int which) {
    double bad = 0;
    double total = 0;
    for (int i : members) {
      FadingRatio ratio = window[i];
      if (ratio != null) {
        bad += ratio.bad();
        total += ratio.total();
      }
    }
    return rate(bad, total, which);
  }

  private static double rate(double bad, double total, int which) {
    return switch (which) {
      case 0 -> total >= MIN_LONG ? upperEnd(bad, total) : NOTHING;
      case 1 -> total >= MIN_LONG ? bad / total : NOTHING;
      default -> total >= MIN_SHORT ? Math.max(0, bad - 1) / total : NOTHING;
    };
  }

  private static double upperEnd(double bad, double total) {
    double doubt = (2 * Math.sqrt(bad + 1) + 1) / total;
    return bad / total + Math.min(DOUBT, doubt);
  }

  /**
   * The failure rate outside the domains of an upstream.
   *
   * @param index the upstream's number
   * @return 0 to 1; 0 if nothing is known of anybody else
   */
  public double rateElsewhere(int index) {
    int best = best(index);
    if (best >= 0 && minuteTotal[best] >= AMPLE) {
      return rate[best];
    }
    double lowest = Math.min(pooled(index), best >= 0 ? rate[best] : 2);
    for (int i = 0; i < upstreamRate.length; i++) {
      boolean isOther = best < 0 && upstreamRate[i] >= 0 && !topology.shareDomain(i, index);
      lowest = isOther ? Math.min(lowest, upstreamRate[i]) : lowest;
    }
    return lowest <= 1 ? lowest : 0;
  }

  /** The domain with the lowest rate that an upstream does not belong to, or -1. */
  private int best(int index) {
    for (int d : order) {
      if (rate[d] >= 0 && !topology.isMember(index, d)) {
        return d;
      }
    }
    return -1;
  }

  /** Over everybody who shares no domain with it; more than 1 if that is not known. */
  private double pooled(int index) {
    double most = NOTHING;
    for (int w = 0; w < windows.size(); w++) {
      double bad = 0;
      double total = 0;
      @Nullable FadingRatio[] window = windows.get(w);
      for (int i = 0; i < window.length; i++) {
        FadingRatio ratio = window[i];
        if (ratio != null && !topology.shareDomain(i, index)) {
          bad += ratio.bad();
          total += ratio.total();
        }
      }
      most = Math.max(most, rate(bad, total, w));
    }
    return most >= 0 ? most : 2;
  }
}
