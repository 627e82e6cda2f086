package io.fairlead.routing.control;

import java.util.Arrays;
import java.util.Locale;

/**
 * How many calls a second an upstream grants, learnt from its 429s, and the pace that stays below.
 *
 * <p><b>Idea.</b> Most quotas are token buckets: {@code Q} tokens a second flow into a bucket that
 * holds some seconds' worth; who finds it empty gets a 429. So a 429 tells more than that the rate
 * was too high: what was accepted in any span of time before it is at most what flowed in plus what
 * the bucket held, and over the span in which the bucket drained it is exactly that. With {@code
 * A(s)} calls accepted since {@code s},
 *
 * <pre>  Q = max over s of  A(s) / (now - s - rtt + min(depth, s - last 429)),</pre>
 *
 * since a bucket that was empty at the last 429 cannot hold more than what flowed in since. Only
 * spans after the last hold-off count, so the second 429 usually gives the quota to a few percent,
 * whatever the first one cost.
 *
 * <p><b>The pace</b> starts 3 % below that ceiling, comes up to it along CUBIC's curve and stays
 * near it for a while, then probes beyond it ever faster:
 *
 * <pre>  pace(t) = ceiling x (1 + 0.03 x ((t - K) / K)^3),   K = 30 s</pre>
 *
 * where t is the time in which the pace was used; an idle upstream keeps it. A 429 that confirms
 * the ceiling (within a twentieth) doubles K, up to ten minutes, so that probing costs ever fewer
 * 429s. One that comes below a ceiling that a second 429 had settled means that the bucket is
 * deeper, or shallower, or the quota smaller than thought: the assumed depth doubles, and less can
 * be saved up. Below the ceiling the pace falls by a twentieth at the least, and to a tenth at the
 * most. Beyond three times the ceiling the quota counts as gone.
 *
 * <p><b>Bounds.</b> The pace is granted in steps of the control loop's tick and at most half a
 * second of it can be saved up, which stays within a bucket that holds a second's worth. A first
 * 429 never paces below five calls a second, so that a stray one does little harm. A bucket that
 * holds a tick's worth or less is underestimated several times over.
 *
 * <p><b>Cost.</b> 0.5 KiB; O(1) for an outcome, O(128) for a 429.
 *
 * <p><b>Deviation.</b> CUBIC grows from a deep cut (0.7) with a cubic in absolute units, since a
 * full queue must drain; a quota has no queue, so the cut is shallow, and the curve is relative.
 * Quotas in compute units rather than calls are followed through the mix of calls there was.
 *
 * <p>Thread-safety: none; control loop only. Units: calls a second, nanoseconds.
 *
 * <p>Source: Ha, Rhee and Xu, "CUBIC: a new TCP-friendly high-speed TCP variant", 2008 (RFC 9438),
 * for the memory of the ceiling; Chiu and Jain, "Analysis of the increase and decrease algorithms",
 * 1989, for AIMD; Cruz, "A calculus for network delay", 1991, for what a bucket can let through.
 */
final class LearnedQuota {
  private static final double SECOND = 1e9;
  private static final long SLOT_NANOS = 250_000_000L;
  private static final int SLOTS = 128;
  private static final double MARGIN = 0.03;
  private static final double FIRST_PLATEAU_NANOS = 30e9;
  private static final double MAX_PLATEAU_NANOS = 600e9;
  private static final double CONFIRMED = 0.05;
  private static final double LEAST_CUT = 0.95;
  private static final double DEEPEST_CUT = 0.1;
  private static final double USED = 0.8;
  private static final double GONE = 3;
  private static final double FIRST_LEAST = 5;
  private static final double LEAST = 0.1;
  private static final double MAX_DEPTH_SECONDS = 60;
  private static final double SAVED_SECONDS = 0.5;
  private static final double LEAST_SAVED_SECONDS = 0.02;

  private final int[] accepted = new int[SLOTS];
  private long slot = Long.MIN_VALUE;
  private long slotStartNanos;
  private long sinceNanos;
  private long limitedAtNanos;
  private double ceiling = Double.POSITIVE_INFINITY;
  private double plateauNanos = FIRST_PLATEAU_NANOS;
  private double usedNanos;
  private double depthSeconds = 1;
  private double savedSeconds = SAVED_SECONDS;
  private boolean isSure;
  private boolean isHeld;
  private double credit;
  private long grantedAtNanos;

  /**
   * Attempts ended that the upstream accepted.
   *
   * @param calls how many
   */
  void onAccepted(long calls, long nowNanos) {
    advance(nowNanos);
    accepted[index(slot)] += (int) calls;
  }

  /**
   * A 429 came.
   *
   * @param isNews whether it is the first since the last hold-off ended
   * @param rttNanos the upstream's round trip
   */
  void onLimited(boolean isNews, long rttNanos, long nowNanos) {
    advance(nowNanos);
    if (isNews) {
      learn(rttNanos, nowNanos);
    }
    limitedAtNanos = nowNanos;
    isHeld = true;
  }

  private void learn(long rttNanos, long nowNanos) {
    double before = ceiling;
    double pace = perSecond();
    double seen = estimate(rttNanos, nowNanos);
    if (!isKnown()) {
      ceiling = Math.max(FIRST_LEAST, seen);
    } else {
      boolean isBelow = pace <= before;
      double most = isBelow ? LEAST_CUT * pace : pace;
      ceiling = Math.max(LEAST, Math.max(DEEPEST_CUT * pace, Math.min(most, seen)));
      if (isBelow && isSure) {
        depthSeconds = Math.min(MAX_DEPTH_SECONDS, 2 * depthSeconds);
        savedSeconds = Math.max(LEAST_SAVED_SECONDS, savedSeconds / 4);
      }
      isSure = ceiling == seen;
    }
    boolean isConfirmed = Math.abs(ceiling - before) <= CONFIRMED * ceiling;
    plateauNanos =
        isConfirmed ? Math.min(MAX_PLATEAU_NANOS, 2 * plateauNanos) : FIRST_PLATEAU_NANOS;
    usedNanos = 0;
  }

  private double estimate(long rttNanos, long nowNanos) {
    double best = 0;
    double sum = 0;
    long start = slotStartNanos;
    for (long s = slot; s > slot - SLOTS; s--) {
      sum += accepted[index(s)];
      long from = Math.max(start, sinceNanos);
      double held = isKnown() ? (from - limitedAtNanos) / SECOND : depthSeconds;
      double seconds = Math.max(0, nowNanos - from - rttNanos) / SECOND;
      best = Math.max(best, sum / (seconds + Math.min(depthSeconds, Math.max(0.1, held))));
      if (start - sinceNanos <= 0) {
        break;
      }
      start -= SLOT_NANOS;
    }
    return best;
  }

  /** Moves to the slot of now; a slot in which the pace was used makes it grow. */
  private void advance(long nowNanos) {
    long now = Math.floorDiv(nowNanos, SLOT_NANOS);
    if (slot == Long.MIN_VALUE) {
      slot = now;
      sinceNanos = nowNanos;
    }
    if (now - slot >= SLOTS) {
      Arrays.fill(accepted, 0);
      slot = now;
    }
    while (slot < now) {
      boolean isUsed = accepted[index(slot)] >= USED * perSecond() * SLOT_NANOS / SECOND && !isHeld;
      usedNanos += isUsed ? SLOT_NANOS : 0;
      slot++;
      accepted[index(slot)] = 0;
    }
    slotStartNanos = slot * SLOT_NANOS;
    if (perSecond() > GONE * ceiling) {
      ceiling = Double.POSITIVE_INFINITY;
      isSure = false;
      depthSeconds = 1;
      savedSeconds = SAVED_SECONDS;
    }
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }

  /** Whether a quota has been learnt. */
  boolean isKnown() {
    return ceiling < Double.POSITIVE_INFINITY;
  }

  /** The quota as far as it is known, infinite while it is not. */
  double ceilingPerSecond() {
    return ceiling;
  }

  /** The pace to keep, infinite while no quota is known. */
  double perSecond() {
    double x = (usedNanos - plateauNanos) / plateauNanos;
    return ceiling * (1 + MARGIN * x * x * x);
  }

  /** What is known of it, for events. */
  String toWords() {
    return isKnown()
        ? String.format(
            Locale.ROOT,
            "a rate limit's time is over; paced at %.1f calls/s of some %.1f that it grants",
            perSecond(),
            ceiling)
        : "a rate limit's time is over";
  }

  /** What may be saved up. */
  int most() {
    return (int) Math.max(1, Math.ceil(savedSeconds * Math.min(1e6, perSecond())));
  }

  /**
   * Calls to grant since the last time.
   *
   * @param isHolding whether it is held off; that grants nothing
   * @return 0 or more
   */
  int grant(boolean isHolding, long nowNanos) {
    advance(nowNanos);
    double seconds = (nowNanos - grantedAtNanos) / SECOND;
    grantedAtNanos = nowNanos;
    if (isHolding) {
      return 0;
    }
    if (isHeld) {
      isHeld = false;
      sinceNanos = nowNanos;
      Arrays.fill(accepted, 0);
      seconds = 0;
    }
    credit = Math.min(most(), credit + perSecond() * Math.max(0, seconds));
    int whole = (int) credit;
    credit -= whole;
    return whole;
  }
}
