package io.fairlead.routing.control;

import java.util.random.RandomGenerator;

/**
 * The way out and back of one upstream or failure domain: out at once, back slowly.
 *
 * <p>Ejected for {@code 3 s x 2^j}, jittered by a fifth and at most two minutes; then a canary of 2
 * % of its whole share; then a ramp of x1.25 a second until it is whole again, some 18 s later.
 * Evidence on the way back sends it out again with j+1; half a minute whole takes one from j. So
 * something that flaps comes back later each time and is off, not on, most of the time.
 *
 * <p><b>The gate.</b> When the time is up, the last probe since the ejection decides: good opens,
 * bad keeps it out until one is good. Where nobody probes, the gate opens by itself two seconds
 * later; a probe older than five seconds says nothing.
 *
 * <p>The jitter keeps many gateways that saw the same event from returning at once.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Recovery {
  static final double CANARY = 0.02;
  private static final double RAMP_PER_SECOND = 1.25;
  private static final long HOLD_NANOS = 3_000_000_000L;
  private static final long MAX_HOLD_NANOS = 120_000_000_000L;
  private static final long FORGIVE_NANOS = 30_000_000_000L;
  private static final long PROBE_WAIT_NANOS = 2_000_000_000L;
  private static final long PROBE_FRESH_NANOS = 5_000_000_000L;

  /** Where it is on the way. */
  enum State {
    WHOLE,
    OUT,
    RETURNING
  }

  /** What the last probe said. */
  enum Probe {
    NONE,
    GOOD,
    BAD
  }

  private State state = State.WHOLE;
  private long sinceNanos;
  private long holdNanos;
  private double startReadiness = CANARY;
  private int relapses;
  private long forgivenAtNanos;
  private Probe probe = Probe.NONE;
  private long probeAtNanos;

  State state() {
    return state;
  }

  boolean isOut() {
    return state == State.OUT;
  }

  boolean isReturningFor(long lessThanNanos, long nowNanos) {
    return state == State.RETURNING && nowNanos - sinceNanos < lessThanNanos;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  long holdNanos() {
    return holdNanos;
  }

  int relapses() {
    return relapses;
  }

  void eject(long nowNanos, RandomGenerator random) {
    relapses += state == State.RETURNING ? 1 : 0;
    double hold = HOLD_NANOS * Math.pow(2, relapses) * (0.8 + 0.4 * random.nextDouble());
    holdNanos = (long) Math.min(MAX_HOLD_NANOS, hold);
    probe = Probe.NONE;
    enter(State.OUT, nowNanos);
  }

  void onProbe(boolean isGood, long nowNanos) {
    if (state == State.OUT) {
      probe = isGood ? Probe.GOOD : Probe.BAD;
      probeAtNanos = nowNanos;
    }
  }

  /** One good member opens the gate for its domain; members still ill are judged by themselves. */
  void onMemberProbe(boolean isGood, long nowNanos) {
    boolean hasGood = probe == Probe.GOOD && nowNanos - probeAtNanos <= PROBE_FRESH_NANOS;
    if (isGood || !hasGood) {
      onProbe(isGood, nowNanos);
    }
  }

  /** Begins the way back with a given readiness, whatever the hold; with 1 it is whole at once. */
  void beginReturn(long nowNanos, double readiness) {
    startReadiness = readiness;
    enter(readiness < 1 ? State.RETURNING : State.WHOLE, nowNanos);
  }

  /**
   * Lets time pass.
   *
   * @return whether the state changed
   */
  boolean advance(long nowNanos) {
    return switch (state) {
      case WHOLE -> {
        forgive(nowNanos);
        yield false;
      }
      case OUT -> {
        boolean isOpen = isGateOpen(nowNanos);
        if (isOpen) {
          beginReturn(nowNanos, CANARY);
        }
        yield isOpen;
      }
      case RETURNING -> {
        boolean isBack = readiness(nowNanos) >= 1;
        if (isBack) {
          enter(State.WHOLE, nowNanos);
        }
        yield isBack;
      }
    };
  }

  /** Whether it is out although the last probe was good. */
  boolean isProbedGood(long nowNanos) {
    boolean isFresh = nowNanos - probeAtNanos <= PROBE_FRESH_NANOS;
    return state == State.OUT && isFresh && probe == Probe.GOOD;
  }

  private boolean isGateOpen(long nowNanos) {
    long waited = nowNanos - sinceNanos - holdNanos;
    if (waited < 0) {
      return false;
    }
    boolean isFresh = probe != Probe.NONE && nowNanos - probeAtNanos <= PROBE_FRESH_NANOS;
    return isFresh ? probe == Probe.GOOD : waited >= PROBE_WAIT_NANOS;
  }

  private void forgive(long nowNanos) {
    while (relapses > 0 && nowNanos - forgivenAtNanos >= FORGIVE_NANOS) {
      relapses--;
      forgivenAtNanos += FORGIVE_NANOS;
    }
  }

  private void enter(State next, long nowNanos) {
    state = next;
    sinceNanos = nowNanos;
    forgivenAtNanos = nowNanos;
  }

  /**
   * The part of its whole share that it may have.
   *
   * @return 0 to 1
   */
  double readiness(long nowNanos) {
    return switch (state) {
      case WHOLE -> 1;
      case OUT -> 0;
      case RETURNING ->
          Math.min(1, startReadiness * Math.pow(RAMP_PER_SECOND, (nowNanos - sinceNanos) / 1e9));
    };
  }
}
