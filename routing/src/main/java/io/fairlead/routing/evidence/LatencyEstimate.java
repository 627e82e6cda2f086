package io.fairlead.routing.evidence;

import org.jspecify.annotations.Nullable;

/**
 * What latency is like lately: quantiles over half a minute, and the mean logarithm of the service
 * time over three seconds.
 *
 * <p><b>Idea.</b> Interval histograms of the lanes are merged into one histogram with logarithmic
 * buckets (eight to the octave, 1 us to 134 s) whose counts fade; quantiles come from there. The
 * cost of an upstream needs something that reacts faster and averages better: the mean of
 * ln(latency - rtt), which is the logarithm of the median if service times are lognormal, as they
 * nearly are, and which one slow call in a hundred does not upset.
 *
 * <p><b>Memory.</b> Many samples fade with three seconds, the last eight with thirty: of an
 * upstream that gets one call in ten seconds the last calls are still the best that is known, and
 * without them it would count as an ordinary one again before the next has come back. A third mean,
 * over a quarter of a second, serves {@link #restart} when a change was noticed.
 *
 * <p><b>Censored samples.</b> An attempt cut off after t would have taken longer than t. It counts
 * as the median of what is known beyond t (Efron's redistribution to the right, in one step), or as
 * t if all that is known is shorter. Dropping it, or counting it as t always, would make a black
 * hole look fast. While nothing at all is known it says nothing: a hedge that was lost after 8 ms
 * must not make a node 85 ms away look 8 ms away.
 *
 * <p><b>Bounds.</b> A quantile is off by at most 6 % (recorder) and 9 % (bucket, of which half is
 * taken back by reporting the middle). <b>Cost.</b> 0.9 KiB once there are samples; a merge costs
 * the number of distinct values.
 *
 * <p>Thread-safety: none; control loop only. Units: microseconds in, nanoseconds out.
 *
 * <p>Source: B. Efron, "The two sample problem with censored data", 5th Berkeley Symposium (1967).
 */
public final class LatencyEstimate {
  private static final int PER_OCTAVE = 8;
  private static final int BUCKETS = 27 * PER_OCTAVE + 1;
  private static final double PER_NAT = PER_OCTAVE / Math.log(2);
  private static final double QUANTILE_TAU_NANOS = 30e9;
  private static final double MEAN_TAU_NANOS = 3e9;
  private static final double MEMORY_TAU_NANOS = 30e9;
  private static final double MEMORY = 8;
  private static final double RESTARTED = 24;
  private static final double FRESH_TAU_NANOS = 0.1e9;
  private static final double MIN_SERVICE_MICROS = 100;
  private static final double LEAST_KNOWN = 0.5;
  private static final double NOISE_OF_RTT = 0.02;

  private float @Nullable [] buckets;
  private double total;
  private final double freshTauNanos;
  private double logCount;
  private double logSum;
  private double freshCount;
  private double freshSum;
  private long fadedAtNanos;
  private final long[] cached = new long[4];
  private final double[] cachedFor = new double[4];
  private int known;

  /** An estimate whose latest results are those of the last tenth of a second. */
  public LatencyEstimate() {
    this(FRESH_TAU_NANOS);
  }

  /**
   * An estimate without samples.
   *
   * @param freshTauNanos after which time one of the latest results is worth 1/e
   */
  public LatencyEstimate(double freshTauNanos) {
    this.freshTauNanos = freshTauNanos;
  }

  /**
   * Merges attempts that ended with a result.
   *
   * @param interval their latencies
   * @param rttNanos the upstream's round trip
   * @param nowNanos the time
   */
  public void add(Interval interval, long rttNanos, long nowNanos) {
    fade(nowNanos);
    for (int i = 0; i < interval.size(); i++) {
      put(interval.micros(i), interval.count(i), rttNanos);
    }
  }

  /**
   * Merges one attempt that ended with a result.
   *
   * @param elapsedNanos since it was sent
   * @param rttNanos the upstream's round trip
   * @param nowNanos the time
   */
  public void add(long elapsedNanos, long rttNanos, long nowNanos) {
    fade(nowNanos);
    put(Math.max(1, elapsedNanos / 1e3), 1, rttNanos);
  }

  /**
   * Merges attempts that ended with a result, with the round trip taken off all quantiles.
   *
   * @param interval their latencies
   * @param rttNanos the upstream's round trip
   * @param nowNanos the time
   */
  public void addService(Interval interval, long rttNanos, long nowNanos) {
    fade(nowNanos);
    for (int i = 0; i < interval.size(); i++) {
      double micros = interval.micros(i) - rttNanos / 1e3;
      put(Math.max(MIN_SERVICE_MICROS, micros), interval.count(i), 0);
    }
  }

  /**
   * Merges attempts that were cut off.
   *
   * @param interval how long they had run, in microseconds
   * @param rttNanos the upstream's round trip
   * @param nowNanos the time
   */
  public void addCensored(Interval interval, long rttNanos, long nowNanos) {
    fade(nowNanos);
    if (total < LEAST_KNOWN) {
      return;
    }
    for (int i = 0; i < interval.size(); i++) {
      put(beyond(interval.micros(i)), interval.count(i), rttNanos);
    }
  }

  private void put(double micros, long count, long rttNanos) {
    float[] b = buckets;
    if (b == null) {
      b = new float[BUCKETS];
      buckets = b;
    }
    b[bucketOf(micros)] += count;
    total += count;
    known = 0;
    double rttMicros = rttNanos / 1e3;
    double floor = Math.max(MIN_SERVICE_MICROS, NOISE_OF_RTT * rttMicros);
    double log = Math.log(Math.max(floor, micros - rttMicros));
    logSum += count * log;
    logCount += count;
    freshSum += count * log;
    freshCount += count;
  }

  private double beyond(double micros) {
    float[] b = buckets;
    if (b == null) {
      return micros;
    }
    int from = bucketOf(micros) + 1;
    double mass = 0;
    for (int i = from; i < BUCKETS; i++) {
      mass += b[i];
    }
    if (mass < LEAST_KNOWN) {
      return micros;
    }
    return valueOf(seek(b, from, mass / 2));
  }

  private void fade(long nowNanos) {
    double elapsed = nowNanos - fadedAtNanos;
    fadedAtNanos = nowNanos;
    float[] b = buckets;
    if (b == null || !(elapsed > 0)) {
      return;
    }
    float kept = (float) Math.exp(-elapsed / QUANTILE_TAU_NANOS);
    double sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      b[i] *= kept;
      sum += b[i];
    }
    total = sum;
    double keptOfMean = keptOfMean(elapsed);
    logCount *= keptOfMean;
    logSum *= keptOfMean;
    double keptOfFresh = Math.exp(-elapsed / freshTauNanos);
    freshCount *= keptOfFresh;
    freshSum *= keptOfFresh;
  }

  /** Many samples fade within seconds, the last few hardly. */
  private double keptOfMean(double elapsedNanos) {
    double soon = Math.exp(-elapsedNanos / MEAN_TAU_NANOS);
    if (logCount * soon >= MEMORY) {
      return soon;
    }
    double remembered = Math.min(logCount, MEMORY) * Math.exp(-elapsedNanos / MEMORY_TAU_NANOS);
    return logCount > 0 ? Math.max(soon, remembered / logCount) : 1;
  }

  /**
   * Samples behind the quantiles.
   *
   * @return how many, older ones fading as new ones come
   */
  public double samples() {
    return total;
  }

  /**
   * Samples behind the mean.
   *
   * @param nowNanos the time
   * @return how many, older ones fading
   */
  public double recentSamples(long nowNanos) {
    return logCount * keptOfMean((double) Math.max(0, nowNanos - fadedAtNanos));
  }

  /**
   * The mean logarithm of the service time.
   *
   * @return ln(ms), or {@link Double#NaN} without samples
   */
  public double logServiceMillis() {
    return logCount > 0 ? logSum / logCount - Math.log(1e3) : Double.NaN;
  }

  /**
   * Samples of the last moment.
   *
   * @param nowNanos the time
   * @return how many, older ones fading
   */
  public double freshSamples(long nowNanos) {
    return freshCount * Math.exp(-Math.max(0, nowNanos - fadedAtNanos) / freshTauNanos);
  }

  /**
   * The mean logarithm of the service time of the last moment.
   *
   * @return ln(ms), or {@link Double#NaN} without samples
   */
  public double freshLogServiceMillis() {
    return freshCount > 0 ? freshSum / freshCount - Math.log(1e3) : Double.NaN;
  }

  /**
   * Forgets the mean of the past, since something changed; quantiles stay.
   *
   * @param logServiceMillis what the mean is now, ln(ms)
   */
  public void restart(double logServiceMillis) {
    logCount = RESTARTED;
    logSum = RESTARTED * (logServiceMillis + Math.log(1e3));
  }

  /**
   * A quantile of latency.
   *
   * @param q 0 to 1
   * @return nanoseconds, 0 without samples
   */
  public long quantileNanos(double q) {
    float[] b = buckets;
    return b == null || !(total > 0) ? 0 : (long) (valueOf(seek(b, 0, q * total)) * 1e3);
  }

  /**
   * A quantile, worked out anew only after new samples; fading alone moves none.
   *
   * @param which a small number of the caller's for it, 0 to 3
   * @param q 0 to 1
   * @return nanoseconds, 0 without samples
   */
  public long cachedNanos(int which, double q) {
    if ((known & 1 << which) == 0 || cachedFor[which] != q) {
      known |= 1 << which;
      cachedFor[which] = q;
      cached[which] = quantileNanos(q);
    }
    return cached[which];
  }

  private static int seek(float[] b, int from, double mass) {
    double sum = 0;
    int last = from;
    for (int i = from; i < BUCKETS; i++) {
      sum += b[i];
      last = b[i] > 0 ? i : last;
      if (sum >= mass && b[i] > 0) {
        return i;
      }
    }
    return last;
  }

  private static int bucketOf(double micros) {
    return (int) Math.min(BUCKETS - 1, Math.max(0, Math.log(micros) * PER_NAT));
  }

  private static double valueOf(int bucket) {
    return Math.exp((bucket + 0.5) / PER_NAT);
  }
}
