package io.fairlead.gateway.call;

/**
 * The bounds of a call.
 *
 * @param timeoutNanos for the whole call, retries and hedges included
 * @param maxAttempts 1 or more; rescues come on top, at most one a call
 * @param hedges whether slow attempts get another beside them
 */
public record CallPolicy(long timeoutNanos, int maxAttempts, boolean hedges) {
  /** Checks the ranges. */
  public CallPolicy {
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("timeoutNanos: " + timeoutNanos + " (expected: over 0)");
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " (expected: 1 or more)");
    }
  }
}
