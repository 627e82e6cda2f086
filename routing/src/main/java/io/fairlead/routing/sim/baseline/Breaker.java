package io.fairlead.routing.sim.baseline;

/**
 * eRPC's circuit breaker: opens at 20 failures among 80 results, lets trials through after five
 * minutes, closes when all of a round of trials are good.
 *
 * <p>Only server errors and broken connections are results against an upstream. Timeouts, requests
 * that were cancelled and 429s are no results at all: silence never opens it.
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: erpc/erpc, {@code failsafe/breaker.go}, {@code upstreamBreakerOutcome} and the
 * defaults of {@code CircuitBreakerPolicyConfig} (20 of 80, 5 min, at least 8 good of 200 trials,
 * each failed trial reopens).
 */
final class Breaker {
  private static final int CAPACITY = 80;
  private static final int FAILURES = 20;
  private static final long OPEN_NANOS = 300_000_000_000L;
  private static final int TRIALS = 200;
  private static final long CLOSED = -1;

  private final boolean[] failed = new boolean[CAPACITY];
  private int next;
  private int count;
  private int failures;
  private long openedNanos = CLOSED;
  private int trialsGood;

  /** Whether a request may be sent. */
  boolean isPermitting(long nowNanos) {
    return openedNanos == CLOSED || nowNanos - openedNanos >= OPEN_NANOS;
  }

  /** Whether it has opened and not closed since. */
  boolean isOpen() {
    return openedNanos != CLOSED;
  }

  /** Notes a result. */
  void put(boolean isGood, long nowNanos) {
    if (openedNanos == CLOSED) {
      push(!isGood);
      if (count == CAPACITY && failures >= FAILURES) {
        open(nowNanos);
      }
    } else if (isPermitting(nowNanos)) {
      onTrial(isGood, nowNanos);
    }
  }

  private void onTrial(boolean isGood, long nowNanos) {
    if (!isGood) {
      open(nowNanos);
    } else if (++trialsGood == TRIALS) {
      openedNanos = CLOSED;
    }
  }

  private void open(long nowNanos) {
    openedNanos = nowNanos;
    trialsGood = 0;
    count = 0;
    failures = 0;
  }

  private void push(boolean isFailure) {
    if (count == CAPACITY) {
      failures -= failed[next] ? 1 : 0;
    } else {
      count++;
    }
    failed[next] = isFailure;
    failures += isFailure ? 1 : 0;
    next = (next + 1) % CAPACITY;
  }
}
