package io.fairlead.gateway.demo.world;

import io.fairlead.routing.MethodClass;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long a node works on a call: lognormal by method class, times the node's slowness.
 *
 * <p>Thread-safety: confined to the node's event loop.
 */
final class ServiceTimes {
  private static final double NANOS_A_MILLI = 1e6;

  private final RandomGenerator random;
  private final double slowness;

  ServiceTimes(RandomGenerator random, double slowness) {
    this.random = random;
    this.slowness = slowness;
  }

  /** The time for all calls of a body. */
  long nextNanos(List<MethodClass> work, double factor) {
    double millis = 0;
    for (MethodClass c : work) {
      millis += medianMillis(c) * Math.exp(sigma(c) * random.nextGaussian());
    }
    return (long) (millis * slowness * factor * NANOS_A_MILLI);
  }

  /** A network time near its usual one: up to a tenth more. */
  long nextRoundTripNanos(double millis) {
    return (long) (millis * (1 + 0.1 * random.nextDouble()) * NANOS_A_MILLI);
  }

  private static double medianMillis(MethodClass c) {
    return switch (c) {
      case LIGHT -> 0.8;
      case READ -> 3;
      case LOGS -> 20;
      case WRITE -> 5;
      case TRACE -> 200;
    };
  }

  private static double sigma(MethodClass c) {
    return switch (c) {
      case LIGHT -> 0.4;
      case READ, WRITE -> 0.5;
      case LOGS, TRACE -> 0.6;
    };
  }
}
