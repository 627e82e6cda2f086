package io.fairlead.routing.sim.baseline;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * gRPC's outlier detection with its defaults: every 10 s who succeeds far less often than the
 * others, or fails too often, is ejected for a while.
 *
 * <p><b>Rules</b>, on the results of the last interval, in this order:
 *
 * <ol>
 *   <li>Success rate: of those with at least 100 calls, if there are at least 5, whose success rate
 *       is below mean - 1.9 x standard deviation is ejected.
 *   <li>Failure percentage: of those with at least 50 calls, if there are at least 5, who failed
 *       more than 85 % is ejected.
 *   <li>Both stop as soon as 10 % are out: so one can always be ejected.
 *   <li>Whoever is not ejected gets one off its multiplier; whoever is returns after min(30 s x
 *       multiplier, 300 s).
 * </ol>
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: gRFC A50, "gRPC xDS outlier detection support"; both algorithms are on, with the
 * defaults written there.
 */
final class GrpcDetector {
  /** Between two sweeps. */
  static final long INTERVAL_NANOS = 10_000_000_000L;

  private static final long BASE_NANOS = 30_000_000_000L;
  private static final long MAX_NANOS = 300_000_000_000L;
  private static final double MAX_PERCENT = 10;
  private static final int MIN_HOSTS = 5;
  private static final int SUCCESS_RATE_VOLUME = 100;
  private static final double STDEV_FACTOR = 1.9;
  private static final int FAILURE_VOLUME = 50;
  private static final double FAILURE_PERCENT = 85;

  private final int[] good;
  private final int[] bad;
  private final int[] multiplier;
  private final long[] ejectedNanos;
  private final IntConsumer onEjected;
  private final IntConsumer onReturned;
  private int addresses;
  private int ejected;

  /**
   * All in service.
   *
   * @param upstreams how many the world has
   * @param addresses how many of them are configured
   * @param onEjected told who is ejected
   * @param onReturned told who is back
   */
  GrpcDetector(int upstreams, int addresses, IntConsumer onEjected, IntConsumer onReturned) {
    good = new int[upstreams];
    bad = new int[upstreams];
    multiplier = new int[upstreams];
    ejectedNanos = new long[upstreams];
    Arrays.fill(ejectedNanos, -1);
    this.addresses = addresses;
    this.onEjected = onEjected;
    this.onReturned = onReturned;
  }

  /** So many are configured from now on. */
  void resize(int newAddresses) {
    addresses = newAddresses;
  }

  /** Whether an upstream is out. */
  boolean isEjected(int upstream) {
    return ejectedNanos[upstream] >= 0;
  }

  /** Notes a result. */
  void put(int upstream, boolean isGood) {
    good[upstream] += isGood ? 1 : 0;
    bad[upstream] += isGood ? 0 : 1;
  }

  /** What is due every interval. */
  void sweep(long nowNanos) {
    ejectByBelow(SUCCESS_RATE_VOLUME, successThreshold(), nowNanos);
    if (measured(FAILURE_VOLUME) >= MIN_HOSTS) {
      ejectByBelow(FAILURE_VOLUME, 100 - FAILURE_PERCENT, nowNanos);
    }
    for (int u = 0; u < multiplier.length; u++) {
      long lasts = Math.min(BASE_NANOS * multiplier[u], MAX_NANOS);
      if (!isEjected(u)) {
        multiplier[u] = Math.max(0, multiplier[u] - 1);
      } else if (nowNanos >= ejectedNanos[u] + lasts) {
        readmit(u);
      }
    }
    Arrays.fill(good, 0);
    Arrays.fill(bad, 0);
  }

  private void ejectByBelow(int volume, double threshold, long nowNanos) {
    for (int u = 0; u < multiplier.length; u++) {
      if (100.0 * ejected / addresses >= MAX_PERCENT) {
        return;
      }
      if (!isEjected(u) && calls(u) >= volume && successPercent(u) < threshold) {
        eject(u, nowNanos);
      }
    }
  }

  private double successThreshold() {
    int n = measured(SUCCESS_RATE_VOLUME);
    double sum = 0;
    for (int u = 0; u < multiplier.length; u++) {
      sum += calls(u) >= SUCCESS_RATE_VOLUME ? successPercent(u) : 0;
    }
    double mean = sum / n;
    double squares = 0;
    for (int u = 0; u < multiplier.length; u++) {
      squares += calls(u) >= SUCCESS_RATE_VOLUME ? Math.pow(successPercent(u) - mean, 2) : 0;
    }
    return n < MIN_HOSTS ? Double.NaN : mean - STDEV_FACTOR * Math.sqrt(squares / n);
  }

  private int measured(int volume) {
    int n = 0;
    for (int u = 0; u < multiplier.length; u++) {
      n += calls(u) >= volume ? 1 : 0;
    }
    return n;
  }

  private int calls(int upstream) {
    return good[upstream] + bad[upstream];
  }

  private double successPercent(int upstream) {
    return 100.0 * good[upstream] / calls(upstream);
  }

  private void eject(int upstream, long nowNanos) {
    ejected++;
    multiplier[upstream]++;
    ejectedNanos[upstream] = nowNanos;
    onEjected.accept(upstream);
  }

  private void readmit(int upstream) {
    ejected--;
    ejectedNanos[upstream] = -1;
    onReturned.accept(upstream);
  }
}
