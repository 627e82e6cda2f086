package io.fairlead.gateway.net;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of day, for stamps that people read.
 *
 * <p>Thread-safety: safe.
 */
public final class WallClock implements InstantSource {
  @Override
  @SuppressForbidden("the one source of the time of day")
  public Instant instant() {
    return Instant.now();
  }
}
