package io.fairlead.routing.table;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a routing table is made of, before it is one.
 *
 * <p>A new draft has everybody ready, healthy and current with the configured weights, no costs
 * known and no caps.
 *
 * <p>Thread-safety: none; used by the control loop (and tests) within one making. A draft makes one
 * table; {@link #toTable} hands its arrays over.
 */
public final class TableDraft {
  private static final int ROUNDS = 3;

  final String chain;
  final Topology topology;
  final int[] weights;
  final String[] weightReasons;
  final double[] readiness;
  final double[] lastResort;
  final boolean[] headReady;
  final int[] hotAbove;
  final int[] heavyAbove;
  private final int[] mostInFlight;
  final int[] limit;
  final double[] quota;
  final boolean[] reserve;
  final UpstreamStatus[] status;
  final ClassNumbers[] numbers;
  double bias;
  double loadInFlight;
  OptionalLong headBlocks = OptionalLong.empty();
  private final double[] perSecond = new double[MethodClass.ALL.size()];
  private DomainCaps caps;

  /**
   * A draft in which everybody may serve.
   *
   * @param chain the chain's name
   * @param topology its upstreams
   */
  public TableDraft(String chain, Topology topology) {
    this.chain = chain;
    this.topology = topology;
    int n = topology.size();
    weights = new int[n];
    weightReasons = new String[n];
    readiness = new double[n];
    lastResort = new double[n];
    headReady = new boolean[n];
    hotAbove = new int[n];
    heavyAbove = new int[n];
    mostInFlight = new int[n];
    limit = new int[n];
    quota = new double[n];
    reserve = new boolean[n];
    status = new UpstreamStatus[n];
    numbers = new ClassNumbers[MethodClass.ALL.size()];
    Arrays.setAll(numbers, c -> new ClassNumbers(n));
    for (int i = 0; i < n; i++) {
      setWeight(i, topology.upstream(i).spec().weight(), "configured");
    }
    Arrays.fill(readiness, 1);
    Arrays.fill(headReady, true);
    Arrays.fill(hotAbove, Integer.MAX_VALUE);
    Arrays.fill(heavyAbove, Integer.MAX_VALUE);
    Arrays.fill(mostInFlight, Integer.MAX_VALUE);
    Arrays.fill(limit, Integer.MAX_VALUE);
    Arrays.fill(quota, Double.POSITIVE_INFINITY);
    UpstreamStatus serving =
        new UpstreamStatus(
            Administrative.ACTIVE,
            Health.HEALTHY,
            Freshness.UNKNOWN,
            OptionalLong.empty(),
            "serving");
    Arrays.fill(status, serving);
    caps = new DomainCaps(topology, Map.of());
  }

  /**
   * Sets how strongly near and fast upstreams are preferred.
   *
   * @param newBias 0 for exactly the weights
   * @return this
   */
  public TableDraft withBias(double newBias) {
    bias = newBias;
    return this;
  }

  /**
   * Sets the caps of failure domains.
   *
   * @param maxShare the largest share of a domain by its kind, 0 to 1
   * @return this
   */
  public TableDraft withMaxShare(Map<String, Double> maxShare) {
    caps = new DomainCaps(topology, maxShare);
    return this;
  }

  /**
   * Sets what is under way now, for tiers.
   *
   * @param attempts in flight over the chain
   * @return this
   */
  public TableDraft withLoadInFlight(double attempts) {
    loadInFlight = attempts;
    return this;
  }

  /**
   * Sets how many attempts of a class there are, to tell how many of them an upstream will have in
   * flight with its share. It is not hot below that, even if it never had so many before.
   *
   * @param methodClass the class
   * @param attemptsPerSecond over the chain
   */
  public void setRate(MethodClass methodClass, double attemptsPerSecond) {
    perSecond[methodClass.index()] = attemptsPerSecond;
  }

  /**
   * Sets the chain's agreed head.
   *
   * @param blocks the head
   * @return this
   */
  public TableDraft withHead(OptionalLong blocks) {
    headBlocks = blocks;
    return this;
  }

  /**
   * Sets a weight.
   *
   * @param index the upstream's number
   * @param weight 0 or more
   * @param reason who says so
   */
  public void setWeight(int index, int weight, String reason) {
    weights[index] = weight;
    weightReasons[index] = reason;
  }

  /**
   * Sets how ready an upstream is.
   *
   * @param index the upstream's number
   * @param newReadiness 0 to 1
   * @param ifNobodyIs its score for the case that nobody is ready; 0 if it must not serve even then
   */
  public void setReadiness(int index, double newReadiness, double ifNobodyIs) {
    readiness[index] = newReadiness;
    lastResort[index] = ifNobodyIs;
  }

  /**
   * Sets whether an upstream may serve head-sensitive calls.
   *
   * @param index the upstream's number
   * @param isReady whether it may
   */
  public void setHeadReady(int index, boolean isReady) {
    headReady[index] = isReady;
  }

  /**
   * Sets from when on an upstream is hot: with more in flight than is usual there or than its share
   * brings, and in any case with more than it can take.
   *
   * @param index the upstream's number
   * @param usual attempts in flight
   * @param most attempts in flight
   */
  public void setHotAbove(int index, int usual, int most) {
    hotAbove[index] = usual;
    mostInFlight[index] = most;
  }

  /**
   * Sets from when on an upstream is hot for heavy calls.
   *
   * @param index the upstream's number
   * @param most attempts of heavy calls in flight
   */
  public void setHeavyAbove(int index, int most) {
    heavyAbove[index] = most;
  }

  /**
   * Sets whether an upstream that is out may serve what those who are healthy cannot carry.
   *
   * @param index the upstream's number
   * @param isReserve whether it answers probes
   */
  public void setReserve(int index, boolean isReserve) {
    reserve[index] = isReserve;
  }

  /**
   * Sets what an upstream has been found to carry.
   *
   * @param index the upstream's number
   * @param attemptsInFlight before calls wait there, {@link Integer#MAX_VALUE} while unknown
   * @param callsPerSecond before it answers with a 429, infinite while unknown
   */
  public void setCapacity(int index, int attemptsInFlight, double callsPerSecond) {
    limit[index] = attemptsInFlight;
    quota[index] = callsPerSecond;
  }

  /**
   * Sets what the explanation says of an upstream.
   *
   * @param index the upstream's number
   * @param newStatus its status
   */
  public void setStatus(int index, UpstreamStatus newStatus) {
    status[index] = newStatus;
  }

  /**
   * The numbers of a method class, to be filled in.
   *
   * @param methodClass the class
   * @return its costs and timers by upstream
   */
  public ClassNumbers numbers(MethodClass methodClass) {
    return numbers[methodClass.index()];
  }

  /**
   * Makes the table.
   *
   * @param version the table's version
   * @return the table; this draft is spent
   */
  public RoutingTable toTable(long version) {
    boolean sameForHeads = true;
    for (boolean isReady : headReady) {
      sameForHeads &= isReady;
    }
    Shares[] shares = new Shares[MethodClass.ALL.size() * 2];
    for (int c = 0; c < MethodClass.ALL.size(); c++) {
      shares[2 * c] = new Shares(this, numbers[c], false);
      shares[2 * c + 1] = sameForHeads ? shares[2 * c] : new Shares(this, numbers[c], true);
    }
    Distribution[] all = settle(shares);
    for (int c = 0; c < MethodClass.ALL.size(); c++) {
      Hindmost.cap(numbers[c].hedgeAfterNanos, all[2 * c].share);
    }
    for (int i = 0; i < hotAbove.length; i++) {
      hotAbove[i] = Math.max(hotAbove[i], expectedInFlight(i, all));
      hotAbove[i] = Math.min(hotAbove[i], mostInFlight[i]);
    }
    return new RoutingTable(version, this, all);
  }

  private Distribution[] settle(Shares[] shares) {
    Capacity capacity = new Capacity(this, perSecond);
    boolean isFitting = false;
    for (int round = 0; !isFitting && round < (capacity.isBounded() ? ROUNDS : 1); round++) {
      capacity.allot(byClass(shares));
      isFitting = true;
      for (int k = 0; k < shares.length; k++) {
        isFitting &=
            isTwin(shares, k) || shares[k].fit(capacity.byQuota(k / 2), capacity.byLimit(k / 2));
      }
    }
    Distribution[] all = new Distribution[shares.length];
    for (int k = 0; k < shares.length; k++) {
      if (isTwin(shares, k)) {
        all[k] = all[k - 1];
      } else {
        shares[k].giveWay(capacity.byQuota(k / 2), capacity.byLimit(k / 2));
        shares[k].close();
        all[k] = shares[k].toDistribution();
      }
    }
    return all;
  }

  private static boolean isTwin(Shares[] shares, int k) {
    return k % 2 == 1 && shares[k] == shares[k - 1];
  }

  private static double[][] byClass(Shares[] shares) {
    double[][] byClass = new double[MethodClass.ALL.size()][];
    Arrays.setAll(byClass, c -> shares[2 * c].share);
    return byClass;
  }

  /** By Little's law: rate x share x time, and what a Poisson number of that mean often reaches. */
  private int expectedInFlight(int index, Distribution[] all) {
    double mean = 0;
    for (MethodClass c : MethodClass.ALL) {
      double millis = numbers[c.index()].costMillis[index];
      double share = all[2 * c.index()].share[index];
      mean += millis > 0 ? perSecond[c.index()] * share * millis / 1e3 : 0;
    }
    return mean > 0 ? (int) Math.ceil(mean + Math.sqrt(mean)) + 2 : 0;
  }

  DomainCaps caps() {
    return caps;
  }

  int tierOf(int index) {
    return topology.upstream(index).spec().tier();
  }

  double maxConcurrencyOf(int index) {
    int max = topology.upstream(index).spec().maxConcurrency();
    return max == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : max;
  }

  int[] tiers() {
    return topology.tiers();
  }

  /** Costs and timers of one method class by upstream. */
  public static final class ClassNumbers {
    final double[] costMillis;
    final @Nullable CostParts[] costParts;
    final double[] readiness;
    final long[] overdueAfterNanos;
    final long[] hedgeAfterNanos;
    final long[] timeoutNanos;

    private ClassNumbers(int size) {
      costMillis = new double[size];
      costParts = new @Nullable CostParts[size];
      readiness = new double[size];
      overdueAfterNanos = new long[size];
      hedgeAfterNanos = new long[size];
      timeoutNanos = new long[size];
      Arrays.fill(costMillis, Double.NaN);
      Arrays.fill(readiness, 1);
      Arrays.fill(overdueAfterNanos, 250_000_000L);
      Arrays.fill(hedgeAfterNanos, Long.MAX_VALUE);
      Arrays.fill(timeoutNanos, 5_000_000_000L);
    }

    /**
     * Sets what a call is expected to cost.
     *
     * @param index the upstream's number
     * @param millis the cost, {@link Double#NaN} while unknown
     */
    public void setCost(int index, double millis) {
      costMillis[index] = millis;
    }

    /**
     * Sets what a call is expected to cost, and why.
     *
     * @param index the upstream's number
     * @param parts what the cost is made of
     */
    public void setCost(int index, CostParts parts) {
      costParts[index] = parts;
      costMillis[index] = parts.totalMillis();
    }

    /**
     * Sets how ready an upstream is for this class, where it is less so than for others.
     *
     * @param index the upstream's number
     * @param factor 0 to 1, on top of {@link TableDraft#setReadiness}
     */
    public void setReadiness(int index, double factor) {
      readiness[index] = factor;
    }

    /**
     * Sets the three timers of an attempt.
     *
     * @param index the upstream's number
     * @param overdueNanos when it counts as silent
     * @param hedgeNanos when a hedge is worth it, {@link Long#MAX_VALUE} for never
     * @param attemptNanos when it is given up
     */
    public void setTimers(int index, long overdueNanos, long hedgeNanos, long attemptNanos) {
      overdueAfterNanos[index] = overdueNanos;
      hedgeAfterNanos[index] = hedgeNanos;
      timeoutNanos[index] = attemptNanos;
    }
  }
}
