package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;

/**
 * The machine's monotonic clock.
 *
 * <p>Thread-safety: safe.
 */
public final class MonotonicClock implements NanoClock {
  @Override
  @SuppressForbidden("the production clock")
  public long nanoTime() {
    return System.nanoTime();
  }
}
