package io.fairlead.gateway.testing;

import io.fairlead.routing.time.NanoClock;

/** The machine's clock, for the few tests that are about real threads; never to assert a time. */
public final class RealTime {
  /** The monotonic clock. */
  public static final NanoClock CLOCK = RealTime::read;

  private RealTime() {}

  @SuppressForbidden
  private static long read() {
    return System.nanoTime();
  }
}
