package io.fairlead.gateway.demo.world;

import io.fairlead.routing.MethodClass;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long a node works on a call, times the node's slowness, and how long the way to it is.
 *
 * <p>Thread-safety: confined to the node's event loop.
 */
final class ServiceTimes {
  private static final double NANOS_A_MILLI = 1e6;

  private final RandomGenerator random;
  private final WorkTimes work;
  private final double slowness;

  ServiceTimes(RandomGenerator random, WorkTimes work, double slowness) {
    this.random = random;
    this.work = work;
    this.slowness = slowness;
  }

  /** The time for all calls of a body. */
  long nextNanos(List<MethodClass> calls, double factor) {
    double millis = 0;
    for (MethodClass c : calls) {
      WorkTimes.Lognormal times = work.of(c);
      millis += times.medianMillis() * Math.exp(times.sigma() * random.nextGaussian());
    }
    return (long) (millis * slowness * factor * NANOS_A_MILLI);
  }

  /** A network time near its usual one: up to {@code jitter} of it more or less. */
  long nextRoundTripNanos(double millis, double jitter) {
    return (long) (millis * (1 + jitter * (2 * random.nextDouble() - 1)) * NANOS_A_MILLI);
  }
}
