package io.fairlead.routing.attempt;

/**
 * The bounds of a call.
 *
 * @param timeoutNanos for the whole call, retries and hedges included; more than 0
 * @param maxAttempts 1 or more; rescues come on top, at most {@link Pursuit#MAX_RESCUES}
 * @param hedges whether slow attempts get another beside them
 */
public record PursuitPolicy(long timeoutNanos, int maxAttempts, boolean hedges) {
  /** Checks the ranges. */
  public PursuitPolicy {
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("timeoutNanos: " + timeoutNanos + " (expected: over 0)");
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " (expected: 1 or more)");
    }
  }
}
