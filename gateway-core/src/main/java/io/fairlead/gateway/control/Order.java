package io.fairlead.gateway.control;

import io.fairlead.routing.control.Target;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator asks for: an override that is yet to be made.
 *
 * @param target which upstreams, on which chain
 * @param action what to do
 * @param ttl how long it shall hold; empty for until restored
 * @param by who asks and why
 */
public record Order(Target target, Action action, Optional<Duration> ttl, Signature by) {
  /** The longest time to live. */
  public static final Duration MAX_TTL = Duration.ofDays(3650);

  /** Checks the time to live. */
  public Order {
    if (ttl.isPresent() && (ttl.get().toMillis() < 1 || ttl.get().compareTo(MAX_TTL) > 0)) {
      throw new IllegalArgumentException(
          "ttl: " + ttl.get() + " (expected: at least 1ms, at most ten years)");
    }
  }
}
