package io.fairlead.routing.sim.baseline;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Envoy's outlier detection with its defaults: who fails five times in a row, or succeeds far less
 * often than the others, is out for a while, as long as no more than a tenth is.
 *
 * <p><b>Rules.</b>
 *
 * <ul>
 *   <li>Five failures without a success between them eject at once ({@code consecutive_5xx}).
 *   <li>Every 10 s ({@code interval}): of those with at least 100 results in that interval, if
 *       there are at least 5, whose success rate is below mean - 1.9 x standard deviation is
 *       ejected.
 *   <li>At most 10 % are out ({@code max_ejection_percent}), yet one always may be, as Envoy did
 *       until that became the option {@code always_eject_one_host}. What cannot be ejected starts
 *       to count anew.
 *   <li>The n-th ejection lasts n x 30 s ({@code base_ejection_time}), at most 300 s, and ends at
 *       the next interval; every interval spent in service takes one off n.
 * </ul>
 *
 * <p>Failure percentage and gateway failures are off by default ({@code enforcing} 0), errors of
 * local origin are not split off: a refused connection and the proxy's own timeout count as 5xx.
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: envoyproxy/envoy, {@code source/common/upstream/outlier_detection_impl.cc} and the
 * documented defaults of {@code config.cluster.v3.OutlierDetection}.
 */
final class EnvoyDetector {
  /** Between two sweeps. */
  static final long INTERVAL_NANOS = 10_000_000_000L;

  private static final int CONSECUTIVE = 5;
  private static final long BASE_NANOS = 30_000_000_000L;
  private static final long MAX_NANOS = 300_000_000_000L;
  private static final int MAX_PERCENT = 10;
  private static final int MIN_HOSTS = 5;
  private static final int MIN_VOLUME = 100;
  private static final double STDEV_FACTOR = 1.9;

  private final int[] consecutive;
  private final int[] good;
  private final int[] total;
  private final int[] times;
  private final long[] ejectedNanos;
  private final long[] returnedNanos;
  private final IntConsumer onEjected;
  private final IntConsumer onReturned;
  private int hosts;
  private int ejected;

  /**
   * All in service.
   *
   * @param upstreams how many the world has
   * @param hosts how many of them are configured
   * @param onEjected told who is ejected
   * @param onReturned told who is back
   */
  EnvoyDetector(int upstreams, int hosts, IntConsumer onEjected, IntConsumer onReturned) {
    consecutive = new int[upstreams];
    good = new int[upstreams];
    total = new int[upstreams];
    times = new int[upstreams];
    ejectedNanos = new long[upstreams];
    returnedNanos = new long[upstreams];
    Arrays.fill(ejectedNanos, -1);
    Arrays.fill(returnedNanos, -1);
    this.hosts = hosts;
    this.onEjected = onEjected;
    this.onReturned = onReturned;
  }

  /** So many are configured from now on. */
  void resize(int newHosts) {
    hosts = newHosts;
  }

  /** Whether an upstream is out. */
  boolean isEjected(int upstream) {
    return ejectedNanos[upstream] >= 0;
  }

  /** How many are out. */
  int ejected() {
    return ejected;
  }

  /** Notes a result. */
  void put(int upstream, boolean isGood, long nowNanos) {
    total[upstream]++;
    if (isGood) {
      good[upstream]++;
      consecutive[upstream] = 0;
    } else if (++consecutive[upstream] == CONSECUTIVE && !isEjected(upstream)) {
      tryEject(upstream, nowNanos);
      consecutive[upstream] = 0;
    }
  }

  /** What is due every interval. */
  void sweep(long nowNanos) {
    for (int u = 0; u < times.length; u++) {
      long lasts = Math.min(BASE_NANOS * times[u], MAX_NANOS);
      if (isEjected(u) && nowNanos - ejectedNanos[u] >= lasts) {
        readmit(u, nowNanos);
      }
    }
    ejectOutliers(nowNanos);
    Arrays.fill(good, 0);
    Arrays.fill(total, 0);
    for (int u = 0; u < times.length; u++) {
      boolean isBack = returnedNanos[u] >= 0 && nowNanos - returnedNanos[u] >= INTERVAL_NANOS;
      times[u] -= isBack && !isEjected(u) && times[u] > 0 ? 1 : 0;
    }
  }

  private void ejectOutliers(long nowNanos) {
    double threshold = threshold();
    for (int u = 0; u < times.length; u++) {
      if (isMeasured(u) && successRate(u) < threshold) {
        tryEject(u, nowNanos);
      }
    }
  }

  /** Below which success rate one is an outlier; NaN when too few are measured. */
  private double threshold() {
    int measured = 0;
    double sum = 0;
    for (int u = 0; u < times.length; u++) {
      measured += isMeasured(u) ? 1 : 0;
      sum += isMeasured(u) ? successRate(u) : 0;
    }
    double mean = sum / measured;
    double squares = 0;
    for (int u = 0; u < times.length; u++) {
      squares += isMeasured(u) ? Math.pow(successRate(u) - mean, 2) : 0;
    }
    return measured < MIN_HOSTS ? Double.NaN : mean - STDEV_FACTOR * Math.sqrt(squares / measured);
  }

  private double successRate(int upstream) {
    return (double) good[upstream] / total[upstream];
  }

  private boolean isMeasured(int upstream) {
    return !isEjected(upstream) && total[upstream] >= MIN_VOLUME;
  }

  private void tryEject(int upstream, long nowNanos) {
    if (ejected > 0 && 100.0 * (ejected + 1) / hosts > MAX_PERCENT) {
      return;
    }
    ejected++;
    ejectedNanos[upstream] = nowNanos;
    times[upstream] += times[upstream] * BASE_NANOS < MAX_NANOS + BASE_NANOS ? 1 : 0;
    onEjected.accept(upstream);
  }

  private void readmit(int upstream, long nowNanos) {
    ejected--;
    ejectedNanos[upstream] = -1;
    returnedNanos[upstream] = nowNanos;
    consecutive[upstream] = 0;
    onReturned.accept(upstream);
  }
}
