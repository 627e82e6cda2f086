package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order in which a periodic-score router asks its upstreams for one method class, and the
 * windows that it ranks them by; see {@link PeriodicScore} for the rules.
 *
 * <p>Thread-safety: none.
 */
final class ScoreRanks {
  private static final int MIN_SAMPLES = 10;
  private static final double MAX_ERROR_RATE = 0.7;
  private static final double MAX_THROTTLED_RATE = 0.4;
  private static final long MAX_LAG_BLOCKS = 15;
  private static final double QUANTILE = 0.7;
  private static final double ERROR_WEIGHT = 4;
  private static final double LATENCY_WEIGHT = 15;
  private static final double THROTTLED_WEIGHT = 4;
  private static final double LAG_WEIGHT = 1;
  private static final double HYSTERESIS = 0.3;
  private static final long MIN_SWITCH_NANOS = 30_000_000_000L;

  private final Network network;
  private final ScoreWindow[] windows;
  private final ScoreWindow[] acrossClasses;
  private final double[] scores;
  private int[] order = {};
  private int[] excluded = {};
  private int primary = Baseline.NONE;
  private long switchedNanos = -MIN_SWITCH_NANOS;

  /**
   * Nobody ranked yet.
   *
   * @param network where they are
   * @param acrossClasses what is known of each over all classes
   */
  ScoreRanks(Network network, ScoreWindow[] acrossClasses) {
    this.network = network;
    this.acrossClasses = acrossClasses;
    windows = new ScoreWindow[network.upstreams().size()];
    scores = new double[windows.length];
    Arrays.setAll(windows, u -> new ScoreWindow());
  }

  /** What is known of an upstream. */
  ScoreWindow window(int upstream) {
    return windows[upstream];
  }

  /** How many are ranked. */
  int size() {
    return order.length;
  }

  /** The upstream of a rank, from 0. */
  int get(int rank) {
    return order[rank];
  }

  /** How many are excluded. */
  int excluded() {
    return excluded.length;
  }

  /** One of the excluded. */
  int getExcluded(int place) {
    return excluded[place];
  }

  /** Begins a new slice in all windows. */
  void rotate() {
    for (ScoreWindow w : windows) {
      w.rotate();
    }
  }

  /** Ranks the members anew and tells who is excluded from now on and who no more. */
  void evaluate(Members members, long nowNanos, Witness witness) {
    long head = -1;
    for (int u : members.toArray()) {
      head = Math.max(head, network.headBlocks(u));
    }
    int[] kept = split(members.toArray(), head, witness);
    for (int u : kept) {
      scores[u] = score(u, head);
    }
    order =
        Arrays.stream(kept)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(u -> -scores[u])
                    .thenComparing(u -> network.upstreams().get(u).id()))
            .mapToInt(u -> u)
            .toArray();
    holdPrimary(nowNanos);
  }

  private int[] split(int[] members, long head, Witness witness) {
    int[] kept = Arrays.stream(members).filter(u -> !isExcluded(u, head)).toArray();
    boolean isOutage = kept.length == 0;
    int[] out =
        isOutage ? new int[0] : Arrays.stream(members).filter(u -> isExcluded(u, head)).toArray();
    tell(excluded, out, false, witness);
    tell(out, excluded, true, witness);
    excluded = out;
    return isOutage ? members : kept;
  }

  /** Tells the record of those in one list that are not in the other. */
  private static void tell(int[] those, int[] others, boolean isOut, Witness witness) {
    for (int u : those) {
      if (Arrays.stream(others).noneMatch(o -> o == u)) {
        witness.onExcluded(u, isOut);
      }
    }
  }

  /** Is told of exclusions. */
  @FunctionalInterface
  interface Witness {
    /** Somebody is excluded, or no more. */
    void onExcluded(int upstream, boolean isExcluded);
  }

  private boolean isExcluded(int upstream, long head) {
    ScoreWindow w = windows[upstream];
    boolean isMeasured = w.samples() > MIN_SAMPLES;
    return (isMeasured
            && (w.errorRate() > MAX_ERROR_RATE || w.throttledRate() > MAX_THROTTLED_RATE))
        || lag(upstream, head) > MAX_LAG_BLOCKS;
  }

  private double score(int upstream, long head) {
    boolean isKnown = windows[upstream].samples() > 0;
    ScoreWindow w = isKnown ? windows[upstream] : acrossClasses[upstream];
    double penalty =
        ERROR_WEIGHT * w.errorRate()
            + LATENCY_WEIGHT * w.quantileMillis(QUANTILE) / 1e3
            + THROTTLED_WEIGHT * w.throttledRate()
            + LAG_WEIGHT * lag(upstream, head);
    return 1 / (1 + penalty);
  }

  private long lag(int upstream, long head) {
    long own = network.headBlocks(upstream);
    return own < 0 ? 0 : head - own;
  }

  /** Keeps the first the first, unless it is excluded, beaten clearly, or there was none. */
  private void holdPrimary(long nowNanos) {
    int place = placeOf(primary);
    boolean isFirst = primary == Baseline.NONE;
    if (order.length == 0 || place == 0 || (place < 0 && !isFirst)) {
      return;
    }
    boolean isBetter = isFirst || scores[order[0]] > scores[primary] * (1 + HYSTERESIS);
    boolean isDue = isFirst || nowNanos - switchedNanos >= MIN_SWITCH_NANOS;
    if (isBetter && isDue) {
      primary = order[0];
      switchedNanos = isFirst ? switchedNanos : nowNanos;
    } else {
      System.arraycopy(order, 0, order, 1, place);
      order[0] = primary;
    }
  }

  private int placeOf(int upstream) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] == upstream) {
        return i;
      }
    }
    return -1;
  }
}
