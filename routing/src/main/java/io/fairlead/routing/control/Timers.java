package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.Interval;
import io.fairlead.routing.evidence.LatencyEstimate;

/**
 * When an attempt counts as silent, when it is worth a hedge, when it is given up.
 *
 * <p><b>Overdue</b> is the round trip plus twice the class's q99 of service time: {@code 1.3 rtt +
 * max(50 ms, 2 x max(q99_c, min(q99_uc, 4 q99_c)))}; the three tenths are for the jitter of long
 * ways. The class's q99 is over all healthy upstreams with their round trips taken off, so a black
 * hole is measured against what others do; an upstream known to be slow for the class gets up to
 * four times as long, and one that became slow as much longer as {@link Markup} says, up to two
 * seconds: it gets a trickle then, and would be taken for silent again and again. The floor is
 * there since event loops, kernels and nodes' collectors pause for tens of milliseconds without
 * being ill.
 *
 * <p><b>Cold.</b> Until a class has 30 samples, overdue is the round trip plus a default (250 ms
 * for light calls and reads, 500 ms for writes, 1 s for logs, 3 s for traces), stretched if classes
 * with samples turn out slower than expected. So a black hole right after the start is found too.
 *
 * <p><b>Hedge</b> at the upstream's own quantile if it has 50 samples, else at the class's,
 * stretched by its slowness; never while the class itself has fewer than 50. Its own counts up to
 * twice that of the class (stretched where it is slower): what stalls for a twentieth of the time
 * has the length of its stalls for a q95, and hedges would wait for just what they are to evade.
 * The table brings it down once more, for the hindmost of the class. For heavy calls no later than
 * twice the class's median of service time: they are few, so an upstream that became slow is known
 * by them too late, and its slowness is a reason to ask another sooner, not later.
 *
 * <p><b>Slow</b> is a result beyond the round trip and the class's q95 of service time, or the
 * upstream's own if that is more; twice as much while its own is not known. See {@link Slowness}.
 *
 * <p><b>Attempt</b>: ten times q99 and the round trip, at least a default by class, at most the
 * call's timeout. Detection and rescue act long before; this is for calls without a way out.
 *
 * <p>Thread-safety: none; control loop only. Units: nanoseconds.
 */
final class Timers {
  private static final long MILLI = 1_000_000L;

  /** Nothing is overdue any younger. */
  static final long FLOOR_NANOS = 50 * MILLI;

  private static final double JITTER = 0.3;
  private static final double MAX_OWN = 4;
  private static final double KNOWN_SLOW = 2;
  private static final double MAX_SLOW_NANOS = 1e9;
  private static final long MIN_HEDGE_NANOS = 2 * MILLI;
  private static final double MAX_HEDGE = 2;
  private static final double MIN_CLASS_SAMPLES = 30;
  private static final double MIN_OWN_SAMPLES = 50;
  private static final int MEDIAN = 0;
  private static final int HEDGE = 1;
  private static final double HEAVY_HEDGE = 2;
  private static final int TAIL = 2;

  /** The place of the quantile beyond which results are slow among the cached ones. */
  static final int SLOW = 3;

  /** One result in twenty is slow by definition. */
  static final double SLOW_QUANTILE = 0.95;

  /** Defaults by class: overdue, q99 expected, attempt. */
  private static final long[] COLD_OVERDUE_NANOS = {
    250 * MILLI, 250 * MILLI, 1000 * MILLI, 3000 * MILLI, 500 * MILLI
  };

  private static final long[] EXPECTED_Q99_NANOS = {
    100 * MILLI, 100 * MILLI, 400 * MILLI, 1200 * MILLI, 200 * MILLI
  };
  private static final long[] MIN_ATTEMPT_NANOS = {
    1500 * MILLI, 2500 * MILLI, 5000 * MILLI, 30_000 * MILLI, 2500 * MILLI
  };

  private final LatencyEstimate[] service = new LatencyEstimate[MethodClass.ALL.size()];
  private final double[] q99 = new double[service.length];
  private final double[] samples = new double[service.length];
  private double stretch = 1;

  Timers() {
    for (int c = 0; c < service.length; c++) {
      service[c] = new LatencyEstimate();
    }
  }

  /**
   * Takes what one healthy upstream recorded, its round trip taken off, jitter and all: three
   * tenths of a long way are more than most calls take, and would be the tail of everybody.
   */
  void onSamples(UpstreamState u, MethodClass c, Interval interval, long nowNanos) {
    if (!u.recovery.isOut()) {
      service[c.index()].addService(interval, (long) ((1 + JITTER) * u.rttNanos()), nowNanos);
    }
  }

  void refresh() {
    stretch = 1;
    for (int c = 0; c < service.length; c++) {
      samples[c] = service[c].samples();
      q99[c] = (double) service[c].cachedNanos(TAIL, 0.99);
      if (samples[c] >= MIN_CLASS_SAMPLES) {
        stretch = Math.max(stretch, q99[c] / EXPECTED_Q99_NANOS[c]);
      }
    }
  }

  /** The slowness is that which the cost knows of, as a factor of what is usual. */
  long overdueNanos(UpstreamState u, MethodClass c, double slowness, RoutingPolicy policy) {
    int i = c.index();
    long rtt = u.rttNanos();
    double after = COLD_OVERDUE_NANOS[i] * stretch;
    if (samples[i] >= MIN_CLASS_SAMPLES) {
      LatencyEstimate own = u.latency[i];
      boolean isKnown = own.samples() >= MIN_OWN_SAMPLES;
      double ownQ99 = isKnown ? (double) (own.cachedNanos(TAIL, 0.99) - rtt) : 0;
      double usual = Math.max(q99[i], Math.min(ownQ99, MAX_OWN * q99[i]));
      double slow = slowness > KNOWN_SLOW ? Math.min(MAX_SLOW_NANOS, slowness * q99[i]) : 0;
      after = 2 * Math.max(usual, slow);
    }
    double network = (1 + JITTER) * rtt;
    return (long) Math.min(policy.timeoutNanos() / 2.0, network + Math.max(FLOOR_NANOS, after));
  }

  long hedgeNanos(UpstreamState u, MethodClass c, double slowness, RoutingPolicy policy) {
    int i = c.index();
    if (policy.hedgeQuantile() == 0 || samples[i] < MIN_OWN_SAMPLES) {
      return Long.MAX_VALUE;
    }
    long after = Math.max(MIN_HEDGE_NANOS, usualNanos(u, i, slowness, policy.hedgeQuantile()));
    return c.isHeavy() ? Math.min(after, u.rttNanos() + longNanos(i)) : after;
  }

  private long usualNanos(UpstreamState u, int i, double slowness, double quantile) {
    LatencyEstimate own = u.latency[i];
    double ofClass = (double) service[i].cachedNanos(HEDGE, quantile);
    if (own.samples() < MIN_OWN_SAMPLES) {
      return u.rttNanos() + (long) (Math.exp(slowness) * ofClass);
    }
    double slower = Math.exp(Math.max(0, slowness));
    double most = (1 + JITTER) * u.rttNanos() + MAX_HEDGE * slower * ofClass;
    return (long) Math.min(most, (double) own.cachedNanos(HEDGE, quantile));
  }

  /** Longer than most upstreams take for a class. */
  private long longNanos(int i) {
    return (long) (HEAVY_HEDGE * service[i].cachedNanos(MEDIAN, 0.5));
  }

  /** From which latency on a result is slow; {@link Long#MAX_VALUE} while that is not known. */
  long slowAboveNanos(UpstreamState u, MethodClass c) {
    int i = c.index();
    if (samples[i] < MIN_OWN_SAMPLES || !u.isRttKnown()) {
      return Long.MAX_VALUE;
    }
    long usual = service[i].cachedNanos(SLOW, SLOW_QUANTILE);
    LatencyEstimate own = u.latency[i];
    if (own.samples() < MIN_OWN_SAMPLES) {
      return (long) ((1 + 2 * JITTER) * u.rttNanos()) + 2 * usual;
    }
    long ownUsual = own.cachedNanos(SLOW, SLOW_QUANTILE);
    return Math.max(ownUsual, (long) ((1 + JITTER) * u.rttNanos()) + usual);
  }

  long attemptNanos(UpstreamState u, MethodClass c, RoutingPolicy policy) {
    int i = c.index();
    long usual = samples[i] >= MIN_CLASS_SAMPLES ? (long) (10 * q99[i]) : 0;
    long generous = Math.max(MIN_ATTEMPT_NANOS[i], u.rttNanos() + usual);
    return Math.min(policy.timeoutNanos(), generous);
  }
}
