package io.fairlead.gateway.admission;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * When the gateway begins to protect itself.
 *
 * @param memoryBytes the most that buffers may hold outside the heap; empty: what the JVM allows
 * @param delayNanos how long the turns of an event loop may last on end before it refuses calls, 1
 *     or more
 */
public record AdmissionPolicy(OptionalLong memoryBytes, long delayNanos) {
  /** What suits most. */
  public static final AdmissionPolicy DEFAULT =
      new AdmissionPolicy(OptionalLong.empty(), TimeUnit.MILLISECONDS.toNanos(50));

  /** Checks the delay. */
  public AdmissionPolicy {
    if (delayNanos < 1) {
      throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: 1 or more)");
    }
  }
}
