package io.fairlead.probes;

import io.fairlead.routing.time.NanoClock;

/**
 * The calls that may still be spent on one upstream.
 *
 * <p>A bucket of time: it holds the time of {@code burst} calls at the most and earns as time
 * passes, so any 24 hours see no more than the burst and a day's earnings, which together are the
 * daily budget. In integers, so that nothing is gained by rounding.
 */
final class ProbeBudget {
  private final NanoClock clock;
  private long nanosPerCall;
  private long mostNanos;
  private long savedNanos;
  private long updatedAtNanos;

  ProbeBudget(ProbePolicy policy, NanoClock clock) {
    this.clock = clock;
    this.nanosPerCall = policy.nanosPerCall();
    this.mostNanos = policy.burst() * nanosPerCall;
    this.savedNanos = mostNanos;
    this.updatedAtNanos = clock.nanoTime();
  }

  /** Goes by another policy from now on; what was spent stays spent. */
  void setPolicy(ProbePolicy policy) {
    if (policy.nanosPerCall() == nanosPerCall) {
      return;
    }
    earn();
    long spentCalls = (mostNanos - savedNanos + nanosPerCall - 1) / nanosPerCall;
    nanosPerCall = policy.nanosPerCall();
    mostNanos = policy.burst() * nanosPerCall;
    savedNanos = Math.max(0, mostNanos - spentCalls * nanosPerCall);
  }

  /** Whether it has as much as it ever will. */
  boolean isUnspent() {
    earn();
    return savedNanos == mostNanos;
  }

  private void earn() {
    long now = clock.nanoTime();
    savedNanos = Math.min(mostNanos, savedNanos + (now - updatedAtNanos));
    updatedAtNanos = now;
  }

  /**
   * Takes one call.
   *
   * @param reserve calls that must be left after it, for those with priority
   * @return whether it may be made
   */
  boolean tryTake(int reserve) {
    if (waitNanos(reserve) > 0) {
      return false;
    }
    savedNanos -= nanosPerCall;
    return true;
  }

  /** The time until {@link #tryTake} with this reserve will allow a call; 0 when it does now. */
  long waitNanos(int reserve) {
    earn();
    return Math.max(0, (1 + reserve) * nanosPerCall - savedNanos);
  }
}
