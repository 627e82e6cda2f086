package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.Interval;

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
 * <p><b>What it carried</b> on time in the last 10 to 20 seconds is not taken back: in a jam light
 * calls are late whatever the limit is, and one that went on being cut would turn heavy work away
 * from workers that are there, to upstreams that look better since less is known of them.
 *
 * <p><b>Overdue calls are late</b> before they end. Without them an upstream of which every worker
 * is taken shows no latency at all, and would grow as if it idled.
 *
 * <p><b>The baseline</b> is the least upper quartile of the last 10 to 20 seconds, so an upstream
 * that became slow by itself, without a queue, is forgiven after that time.
 *
 * <p><b>Bounds.</b> At least 4. Unknown, and so unlimited, until light calls have been late twice
 * in a row with 4 or more in flight; an upstream that is not near its limit keeps it, however long
 * it idles. Heavy calls have a room of their own within it ({@link HeavyRoom}). The limit makes an
 * upstream hot and squeezes out heavy classes first (see {@link io.fairlead.routing.table.Picker});
 * {@code maxConcurrency} stays the ceiling of all.
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
  private static final long CARRIED_NANOS = 10_000_000_000L;
  private static final long SETTLE_NANOS = 200_000_000L;

  private final Thermometer light = new Thermometer();
  private final Thermometer read = new Thermometer();
  private final HeavyRoom heavy = new HeavyRoom();
  private double limit = ASSUMED;
  private boolean isKnown;
  private long lookedAtNanos;
  private long settledAtNanos;
  private boolean wasLate;
  private double sumInFlight;
  private int countInFlight;
  private int peakInFlight;
  private boolean hasAnswered;
  private double carried;
  private double carriedBefore;
  private long carriedUntilNanos;

  /** Attempts under way, from time to time, and how many of them are heavy calls. */
  void onInFlight(int count, int heavyCount) {
    heavy.onInFlight(heavyCount);
    sumInFlight += count;
    countInFlight++;
    peakInFlight = Math.max(peakInFlight, count);
  }

  /** Attempts of a class that grew overdue: they will take long if ever they end. */
  void onOverdue(MethodClass c, long count) {
    if (c == MethodClass.LIGHT) {
      light.addOverdue(count);
    } else if (c == MethodClass.READ) {
      read.addOverdue(count);
    }
  }

  /** Attempts of a class that ended with a result since the last call. */
  void onLatency(MethodClass c, Interval interval) {
    hasAnswered |= interval.size() > 0;
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
      if (hasAnswered) {
        grow();
      }
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
    hasAnswered = false;
  }

  private void decide(double latency, double baseline, double rttMicros, long nowNanos) {
    double service = Math.max(baseline - rttMicros, LEAST_DELAY_MICROS);
    boolean isLate = latency - baseline > Math.max(service, JITTER * rttMicros);
    double inFlight = sumInFlight / countInFlight;
    heavy.review(isLate, nowNanos);
    remember(isLate ? 0 : inFlight, nowNanos);
    if (!isLate) {
      grow();
    } else if (isKnown ? inFlight >= Math.max(FLOOR, IN_USE * limit) : wasLate) {
      cut(inFlight, baseline / latency);
      settledAtNanos = nowNanos + SETTLE_NANOS + (long) (2e3 * latency);
    }
    wasLate = isLate && inFlight >= FLOOR;
  }

  /** What was in flight while light calls were on time, over the last 10 to 20 seconds. */
  private void remember(double onTime, long nowNanos) {
    if (nowNanos - carriedUntilNanos >= 0) {
      carriedUntilNanos = nowNanos + CARRIED_NANOS;
      carriedBefore = carried;
      carried = 0;
    }
    carried = Math.max(carried, onTime);
  }

  private void grow() {
    if (peakInFlight >= IN_USE * limit) {
      limit = Math.min(MOST, isKnown ? limit + Math.max(1, GROWTH * limit) : 2 * limit);
    }
  }

  private void cut(double inFlight, double onTime) {
    double factor = Math.max(DEEPEST_CUT, Math.min(LEAST_CUT, onTime));
    double least = Math.max(FLOOR, Math.min(limit, Math.max(carried, carriedBefore)));
    limit = Math.max(least, Math.min(limit, inFlight) * factor);
    isKnown = true;
  }

  boolean isKnown() {
    return isKnown;
  }

  /** The limit, {@link Integer#MAX_VALUE} while it is not known. */
  int limit() {
    return isKnown ? (int) limit : Integer.MAX_VALUE;
  }

  /** How many heavy attempts it has room for before others are asked first. */
  int mostHeavy() {
    return heavy.most();
  }

  /** The limit, or what is assumed while it is not known. */
  int assumed() {
    return (int) limit;
  }
}
