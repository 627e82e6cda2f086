package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.Interval;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts an upstream can have in flight before calls wait for each other there.
 *
 * <p><b>Idea.</b> Light calls are the thermometer. They take next to nothing by themselves, so when
 * they take long at an upstream, they wait behind other work, and that is what a limit should
 * prevent. Whether heavy work is slow says nothing: it is slow by nature. So: while light calls
 * answer near their baseline and the limit is in use, it grows by one (or a twentieth) at each
 * look; when they answer late while much is in flight, it is cut to what is in flight now times how
 * much of the latency is not waiting,
 *
 * <pre>  limit = min(limit, in flight) x clamp(baseline / latency, 0.7, 0.9),</pre>
 *
 * and on a 429 by a fifth. Late is beyond the baseline by more than the larger of the service time,
 * 15 % of the round trip (jitter of long ways) and a millisecond, at the upper quartile of eight
 * calls or more. After a cut nothing is decided until what was queued before it has drained.
 *
 * <p><b>The baseline</b> is the least upper quartile of the last 10 to 20 seconds, so an upstream
 * that became slow by itself, without a queue, is forgiven after that time.
 *
 * <p><b>Bounds.</b> At least 4. Unknown, and so unlimited, until light calls have been late twice
 * in a row with 4 or more in flight; an upstream that is not near its limit keeps it, however long
 * it idles. The limit makes an upstream hot and squeezes out heavy classes first (see {@link
 * io.fairlead.routing.table.Picker}); {@code maxConcurrency} stays the ceiling of all.
 *
 * <p><b>Cost.</b> O(distinct latencies) each 200 ms and upstream; 0.9 KiB for each of two classes.
 *
 * <p><b>Deviation.</b> Vegas and Gradient compare all requests' latency with the best ever seen;
 * with classes a thousandfold apart that would cut whenever the mix turned heavier. Growth needs
 * use, as in Netflix's limiter; the unknown state replaces its guess at a first limit.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: Chiu and Jain 1989 (AIMD); Brakmo and Peterson, "TCP Vegas", 1994 (delay against the
 * least delay); Netflix concurrency-limits, the Gradient2 and AIMD limiters; Cardwell et al.,
 * "BBR", 2016 (windowed minimum).
 */
final class LearnedLimit {
  /** The least limit. */
  static final int FLOOR = 4;

  private static final double QUARTILE = 0.75;
  private static final int MIN_SAMPLES = 8;
  private static final double JITTER = 0.15;
  private static final double LEAST_DELAY_MICROS = 1000;
  private static final double IN_USE = 0.7;
  private static final double GROWTH = 0.05;
  private static final double LEAST_CUT = 0.9;
  private static final double DEEPEST_CUT = 0.7;
  private static final double CUT_ON_429 = 0.8;
  private static final double ASSUMED = 16;
  private static final double MOST = 1e6;
  private static final long BLIND_NANOS = 1_000_000_000L;
  private static final long SETTLE_NANOS = 200_000_000L;

  private final Thermometer light = new Thermometer();
  private final Thermometer read = new Thermometer();
  private double limit = ASSUMED;
  private boolean isKnown;
  private long lookedAtNanos;
  private long settledAtNanos;
  private boolean wasLate;
  private double sumInFlight;
  private int countInFlight;
  private int peakInFlight;

  /** Attempts under way, from time to time. */
  void onInFlight(int count) {
    sumInFlight += count;
    countInFlight++;
    peakInFlight = Math.max(peakInFlight, count);
  }

  /** Attempts of a class that ended with a result since the last call. */
  void onLatency(MethodClass c, Interval interval) {
    if (c == MethodClass.LIGHT) {
      light.add(interval);
    } else if (c == MethodClass.READ) {
      read.add(interval);
    }
  }

  /** A 429 came, after some time without. */
  void onLimited() {
    limit = Math.max(isKnown ? FLOOR : ASSUMED, CUT_ON_429 * limit);
  }

  /** Decides anew if enough is known. */
  void review(long rttNanos, long nowNanos) {
    if (countInFlight == 0) {
      return;
    }
    Thermometer by = light.samples() >= MIN_SAMPLES ? light : read;
    if (by.samples() >= MIN_SAMPLES) {
      double latency = by.quantileMicros(QUARTILE);
      double baseline = by.baseline(latency, nowNanos);
      if (nowNanos - settledAtNanos >= 0) {
        decide(latency, baseline, rttNanos / 1e3, nowNanos);
      }
      begin(nowNanos);
    } else if (!isKnown && nowNanos - lookedAtNanos >= BLIND_NANOS) {
      grow();
      begin(nowNanos);
    }
  }

  private void begin(long nowNanos) {
    lookedAtNanos = nowNanos;
    light.clear();
    read.clear();
    sumInFlight = 0;
    countInFlight = 0;
    peakInFlight = 0;
  }

  private void decide(double latency, double baseline, double rttMicros, long nowNanos) {
    double service = Math.max(baseline - rttMicros, LEAST_DELAY_MICROS);
    boolean isLate = latency - baseline > Math.max(service, JITTER * rttMicros);
    double inFlight = sumInFlight / countInFlight;
    if (!isLate) {
      grow();
    } else if (isKnown ? inFlight >= Math.max(FLOOR, IN_USE * limit) : wasLate) {
      cut(inFlight, baseline / latency);
      settledAtNanos = nowNanos + SETTLE_NANOS + (long) (2e3 * latency);
    }
    wasLate = isLate && inFlight >= FLOOR;
  }

  private void grow() {
    if (peakInFlight >= IN_USE * limit) {
      limit = Math.min(MOST, isKnown ? limit + Math.max(1, GROWTH * limit) : 2 * limit);
    }
  }

  private void cut(double inFlight, double onTime) {
    double factor = Math.max(DEEPEST_CUT, Math.min(LEAST_CUT, onTime));
    limit = Math.max(FLOOR, Math.min(limit, inFlight) * factor);
    isKnown = true;
  }

  boolean isKnown() {
    return isKnown;
  }

  /** The limit, {@link Integer#MAX_VALUE} while it is not known. */
  int limit() {
    return isKnown ? (int) limit : Integer.MAX_VALUE;
  }

  /** The limit, or what is assumed while it is not known. */
  int assumed() {
    return (int) limit;
  }

  /** Latencies of one class since the last look, and the least quartile of the looks before. */
  private static final class Thermometer {
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
      int[] b = buckets;
      if (b == null) {
        b = new int[BUCKETS];
        buckets = b;
      }
      for (int i = 0; i < interval.size(); i++) {
        double bucket = Math.log(Math.max(1, interval.micros(i))) * PER_NAT;
        b[(int) Math.min(BUCKETS - 1.0, bucket)] += (int) interval.count(i);
        samples += (int) interval.count(i);
      }
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
}
