package io.fairlead.routing.table;

import io.fairlead.routing.table.Derivation.Base;
import io.fairlead.routing.table.Derivation.Preference;
import io.fairlead.routing.table.TableDraft.ClassNumbers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Works out the shares of one method class.
 *
 * <p><b>The law.</b> Within a tier, the whole share of an upstream is
 *
 * <pre>  (1 - T) x w p / sum(w p)  +  T x w / sum(w),   p = (bestCost / cost)^(2 bias),  T = 0.004
 * </pre>
 *
 * over everyone who is whole. With equal costs that is exactly the weights. The second term is the
 * trickle: it keeps measurements of far upstreams fresh and herds from forming, and at four calls
 * in a thousand over all of them it stays out of the p99. The exponent is steep for the sake of the
 * p99, too: of a hundred calls not one should go to a place five times as far, or to a server four
 * times as slow, although every one of these is near enough to be measured.
 *
 * <p><b>Readiness</b> scales an upstream's <i>whole</i> share: what the law gives it if all on the
 * way back were whole as well. The rest follows the law among those who are whole alone. (Scaling
 * before the normalisation would give a canary of 2 % some 20 % of the traffic if its upstream
 * usually carries nine tenths: the preferred region would come back in a rush, which is when it is
 * weakest. Sharing the rest out by what the others have beside the one that returns would blow the
 * trickle up: beside a near region nobody else is preferred to speak of, and a seventh of the calls
 * went round the world while it came back.) If nobody is whole, those on the way back share the
 * traffic.
 *
 * <p><b>Tiers.</b> A tier carries what the readiest of its members and, where every member has a
 * {@code maxConcurrency}, four fifths of their permits against the load in flight allow; the next
 * tier takes the rest. What no tier can carry stays with the tiers in proportion.
 *
 * <p><b>Capacity guard.</b> Nobody is given more than its learnt quota and limit carry ({@link
 * Capacity}), and no failure domain more than its cap ({@link DomainCaps}). What does not fit makes
 * others yield in this order: caps of failure domains, since calls go before them ({@link
 * #hasYielded}); then verdicts: those who are out on evidence but answer probes take what nobody
 * else can ({@link #isRelieved}), since a queue that we made ourselves looks much like silence;
 * then limits, in proportion, since there is nobody left who has room ({@link #isOverloaded});
 * quotas at the very last. What that is too much of is shed by the pick.
 *
 * <p><b>Panic.</b> If nobody is ready, those with a last-resort score share by weight times score.
 *
 * <p>Cost: O(n) for each tier, plus caps; about 20 us at 500 upstreams.
 */
final class Shares {
  /** The part of a class's calls that follows the weights alone. */
  static final double TRICKLE = 0.004;

  private static final double USABLE_CAPACITY = 0.8;

  final double[] share;
  final double[] readinessFactor;
  final double[] tierShare;
  final double[] capFactor;
  final @Nullable TierSums[] sums;
  boolean isPanic;
  boolean hasYielded;
  boolean isOverloaded;
  boolean isRelieved;

  private final TableDraft draft;
  private final double[] cost;
  private final double[] ofClass;
  private final boolean headSensitive;
  private final double[] ready;
  private final double[] natural;
  private final double[] held;

  Shares(TableDraft draft, ClassNumbers numbers, boolean headSensitive) {
    this.draft = draft;
    cost = numbers.costMillis;
    ofClass = numbers.readiness;
    this.headSensitive = headSensitive;
    int n = cost.length;
    share = new double[n];
    readinessFactor = new double[n];
    tierShare = new double[n];
    capFactor = new double[n];
    sums = new @Nullable TierSums[n];
    ready = new double[n];
    Arrays.fill(capFactor, 1);
    work();
    natural = share.clone();
    held = held();
  }

  /** The shares as the draft's costs were; ready to draw from. */
  Distribution toDistribution() {
    boolean[] isCapped = hasYielded ? new boolean[share.length] : draft.caps().atCap(share);
    return new Distribution(this, cost, isCapped, spare(isCapped));
  }

  /**
   * How those with a share compare with each other when others are out of the question: as {@link
   * #share}, but without the trickle, which beside somebody near is most of what a far one has.
   */
  double[] beside() {
    double[] beside = new double[share.length];
    for (int i = 0; i < beside.length; i++) {
      TierSums among = sums[i];
      if (share[i] > 0 && among != null) {
        double known = cost[i] > 0 ? cost[i] : among.medianMillis();
        double preferred = draft.weights[i] * new Preference(1, known, draft.bias).value();
        beside[i] = preferred * Math.min(1, ready[i]) * tierShare[i] * capFactor[i];
      }
    }
    return beside;
  }

  boolean isEmpty() {
    for (double x : share) {
      if (x > 0) {
        return false;
      }
    }
    return true;
  }

  private void work() {
    if (!findReady(false)) {
      isPanic = findReady(true);
      if (!isPanic) {
        return;
      }
    }
    double left = 1;
    for (int tier : draft.tiers()) {
      double carried = Math.min(left, carries(tier, left));
      if (carried > 0) {
        fillTier(tier, carried);
        left -= carried;
      }
    }
    normalise(1 - left);
  }

  private boolean findReady(boolean isLastResort) {
    boolean any = false;
    for (int i = 0; i < ready.length; i++) {
      boolean isUsable = draft.weights[i] > 0 && (!headSensitive || draft.headReady[i]);
      double usual = draft.readiness[i] * ofClass[i];
      ready[i] = isUsable ? (isLastResort ? draft.lastResort[i] : usual) : 0;
      any |= ready[i] > 0;
    }
    return any;
  }

  private double carries(int tier, double left) {
    double readiest = 0;
    double permits = 0;
    for (int i = 0; i < ready.length; i++) {
      if (ready[i] > 0 && draft.tierOf(i) == tier) {
        readiest = Math.max(readiest, ready[i]);
        permits += ready[i] * draft.maxConcurrencyOf(i);
      }
    }
    if (readiest == 0) {
      return 0;
    }
    double byReadiness = isPanic ? 1 : readiest;
    double load = draft.loadInFlight * left;
    return Math.min(byReadiness, load > 0 ? USABLE_CAPACITY * permits / load * left : 1);
  }

  private void fillTier(int tier, double carried) {
    TierSums everyone = sums(tier, false);
    TierSums whole = sums(tier, true);
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, false)) {
        TierSums among = isWhole(i) ? whole : everyone;
        sums[i] = among;
        tierShare[i] = carried;
        share[i] = base(i, among).value();
      }
    }
    applyReadiness(tier, carried, whole.sumWeight() > 0);
  }

  private Base base(int i, TierSums among) {
    return among.base(draft.weights[i], cost[i], draft.bias, TRICKLE);
  }

  private boolean isIn(int tier, int i, boolean onlyWhole) {
    return ready[i] > 0 && draft.tierOf(i) == tier && (!onlyWhole || isWhole(i));
  }

  private boolean isWhole(int i) {
    return !isPanic && ready[i] >= 1;
  }

  private TierSums sums(int tier, boolean onlyWhole) {
    double best = bestCost(tier, onlyWhole);
    double unknown = unknownCost(tier, onlyWhole);
    double sumWeight = 0;
    double sumPreferred = 0;
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, onlyWhole)) {
        double known = cost[i] > 0 ? cost[i] : unknown;
        sumWeight += draft.weights[i];
        sumPreferred += draft.weights[i] * new Preference(best, known, draft.bias).value();
      }
    }
    return new TierSums(best, unknown, sumWeight, sumPreferred);
  }

  private void applyReadiness(int tier, double carried, boolean isAnyoneWhole) {
    double returning = 0;
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, false) && !isWhole(i)) {
        returning += share[i] * ready[i];
      }
    }
    double returningFactor = isAnyoneWhole ? 1 : 1 / returning;
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, false)) {
        readinessFactor[i] = isWhole(i) ? 1 - returning : ready[i] * returningFactor;
        share[i] *= carried * readinessFactor[i];
      }
    }
  }

  private double bestCost(int tier, boolean onlyWhole) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, onlyWhole) && cost[i] > 0) {
        best = Math.min(best, cost[i]);
      }
    }
    return best == Double.POSITIVE_INFINITY ? 1 : best;
  }

  /** Nobody gains by being unknown: such an upstream counts as the median of its tier. */
  private double unknownCost(int tier, boolean onlyWhole) {
    double[] known = new double[cost.length];
    int count = 0;
    for (int i = 0; i < ready.length; i++) {
      if (isIn(tier, i, onlyWhole) && cost[i] > 0) {
        known[count++] = cost[i];
      }
    }
    Arrays.sort(known, 0, count);
    return count == 0 ? 1 : known[count / 2];
  }

  private void normalise(double sum) {
    for (int i = 0; i < share.length; i++) {
      share[i] = sum > 0 ? share[i] / sum : 0;
      tierShare[i] = sum > 0 ? tierShare[i] / sum : 0;
    }
  }

  /** Those on the way back do not grow. */
  private double[] held() {
    double[] most = new double[share.length];
    for (int i = 0; i < most.length; i++) {
      boolean isReturning = ready[i] > 0 && ready[i] < 1 && !isPanic;
      most[i] = isReturning ? share[i] : Double.POSITIVE_INFINITY;
    }
    return most;
  }

  /**
   * Fits the natural shares to what can be carried.
   *
   * @param byQuota what quotas allow of this class
   * @param byLimit what limits allow
   * @return whether all of it fits; if not, the shares sum to what does
   */
  boolean fit(double[] byQuota, double[] byLimit) {
    if (isEmpty()) {
      return true;
    }
    System.arraycopy(natural, 0, share, 0, share.length);
    double[] most = least(byQuota, least(byLimit, held));
    return draft.caps().fit(share, most) >= 1;
  }

  /**
   * Makes shares that did not fit sum to one all the same: caps yield, then limits, then quotas.
   */
  void giveWay(double[] byQuota, double[] byLimit) {
    if (isEmpty()) {
      return;
    }
    DomainCaps caps = draft.caps();
    double[] most = least(byQuota, least(byLimit, held));
    double carried = DomainCaps.total(share);
    if (carried < 1 - DomainCaps.SLACK) {
      carried = refit(carried, most);
    }
    if (carried < 1 - DomainCaps.SLACK) {
      isOverloaded = true;
      carried = relieve(carried, least(byQuota, byLimit));
    }
    if (carried < 1 - DomainCaps.SLACK) {
      refit(carried, byQuota);
    }
    DomainCaps.scaleTo(1, share);
    hasYielded = !caps.hold(share);
  }

  /** What the shares can be regardless of domains, in proportion to what they are. */
  private double refit(double carried, double[] most) {
    if (!(carried > 0)) {
      System.arraycopy(natural, 0, share, 0, share.length);
    }
    DomainCaps.scaleTo(1, share);
    return draft.caps().fitWithoutCaps(share, most);
  }

  /** Gives what is left over to those in reserve, by weight. */
  private double relieve(double carried, double[] most) {
    double weights = 0;
    for (int i = 0; i < share.length; i++) {
      weights += isReserve(i) ? draft.weights[i] : 0;
    }
    if (!(weights > 0) || isPanic) {
      return carried;
    }
    double added = 0;
    for (int i = 0; i < share.length; i++) {
      if (isReserve(i)) {
        share[i] = Math.min(most[i], (1 - carried) * draft.weights[i] / weights);
        added += share[i];
        isRelieved = true;
      }
    }
    return carried + added;
  }

  private boolean isReserve(int i) {
    boolean isUsable = draft.weights[i] > 0 && (!headSensitive || draft.headReady[i]);
    return isUsable && draft.reserve[i] && ready[i] == 0;
  }

  private static double[] least(double[] a, double[] b) {
    double[] least = new double[a.length];
    Arrays.setAll(least, i -> Math.min(a[i], b[i]));
    return least;
  }

  /** Notes what fitting made of the natural shares. */
  void close() {
    for (int i = 0; i < share.length; i++) {
      capFactor[i] = natural[i] > 0 ? share[i] / natural[i] : 1;
    }
  }

  /** Where to look when those who have the shares are hot: whoever is whole, by weight. */
  private double[] spare(boolean[] isCapped) {
    double[] spare = new double[share.length];
    for (int i = 0; i < spare.length; i++) {
      boolean isWhole = isPanic || ready[i] >= 1;
      spare[i] = share[i] > 0 && isWhole && !isCapped[i] ? draft.weights[i] : 0;
    }
    return spare;
  }
}
