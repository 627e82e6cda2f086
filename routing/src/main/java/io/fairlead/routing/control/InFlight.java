package io.fairlead.routing.control;

/**
 * How many attempts an upstream usually has in flight, to tell when it has more.
 *
 * <p>Mean and spread of samples taken at every tick, over the last second. Hot is above the mean
 * plus one standard deviation (the 0.84 quantile of Prequal, by the normal approximation) and never
 * below what a Poisson number of that mean would often reach, plus two. Measured against the
 * upstream's own past and not against others, since upstreams at different distances carry
 * different numbers at the same load.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class InFlight {
  private static final double TAU_NANOS = 1e9;

  private double mean;
  private double square;
  private long sampledAtNanos;
  private double observedNanos = -1;

  void sample(int count, long nowNanos) {
    double elapsed = observedNanos < 0 ? 0 : nowNanos - sampledAtNanos;
    sampledAtNanos = nowNanos;
    observedNanos = Math.max(0, observedNanos) + elapsed;
    double weight = 1 - Math.exp(-elapsed / TAU_NANOS);
    mean += weight * (count - mean);
    square += weight * ((double) count * count - square);
  }

  double mean() {
    return mean;
  }

  int hotAbove() {
    if (observedNanos < TAU_NANOS) {
      return Integer.MAX_VALUE;
    }
    double deviation = Math.sqrt(Math.max(mean, square - mean * mean));
    return (int) Math.ceil(mean + deviation) + 2;
  }
}
