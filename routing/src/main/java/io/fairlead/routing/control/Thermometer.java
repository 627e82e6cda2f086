package io.fairlead.routing.control;

import io.fairlead.routing.evidence.Interval;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Latencies of one class at one upstream since the last look, and the least quartile of the looks
 * of the last 10 to 20 seconds. Belongs to {@link LearnedLimit}.
 *
 * <p>Calls that grew overdue count with the longest latency there is: where nobody is answered any
 * more there would be no latency at all, and an upstream that is full would seem to have room.
 *
 * <p>Thread-safety: none; control loop only. Units: microseconds.
 */
final class Thermometer {
  private static final int PER_OCTAVE = 8;
  private static final double PER_NAT = PER_OCTAVE / Math.log(2);
  private static final int BUCKETS = 27 * PER_OCTAVE;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private int @Nullable [] buckets;
  private int samples;
  private double least = Double.POSITIVE_INFINITY;
  private double leastBefore = Double.POSITIVE_INFINITY;
  private long windowEndsNanos;

  void add(Interval interval) {
    int[] b = buckets();
    for (int i = 0; i < interval.size(); i++) {
      double bucket = Math.log(Math.max(1, interval.micros(i))) * PER_NAT;
      b[(int) Math.min(BUCKETS - 1.0, bucket)] += (int) interval.count(i);
      samples += (int) interval.count(i);
    }
  }

  /** Calls that grew overdue: they will take long, if ever they end. */
  void addOverdue(long count) {
    if (count > 0) {
      buckets()[BUCKETS - 1] += (int) count;
      samples += (int) count;
    }
  }

  private int[] buckets() {
    int[] b = buckets;
    if (b == null) {
      b = new int[BUCKETS];
      buckets = b;
    }
    return b;
  }

  int samples() {
    return samples;
  }

  double quantileMicros(double q) {
    int[] b = buckets;
    double left = q * samples;
    int i = 0;
    while (b != null && i < BUCKETS - 1 && left > b[i]) {
      left -= b[i++];
    }
    return Math.exp((i + 0.5) / PER_NAT);
  }

  double baseline(double latency, long nowNanos) {
    if (nowNanos - windowEndsNanos >= 0 || least == Double.POSITIVE_INFINITY) {
      windowEndsNanos = nowNanos + WINDOW_NANOS;
      leastBefore = least;
      least = latency;
    }
    least = Math.min(least, latency);
    return Math.min(least, leastBefore);
  }

  void clear() {
    if (buckets != null) {
      Arrays.fill(buckets, 0);
    }
    samples = 0;
  }
}
