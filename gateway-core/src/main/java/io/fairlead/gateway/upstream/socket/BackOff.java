package io.fairlead.gateway.upstream.socket;

import java.util.random.RandomGenerator;

/**
 * Ever longer delays: each up to twice the one before, between half and the whole of it by chance,
 * so that those who failed together do not come back together.
 *
 * <p>Thread-safety: none.
 */
public final class BackOff {
  private static final int MOST_DOUBLINGS = 20;

  private final long firstNanos;
  private final long longestNanos;
  private final RandomGenerator random;
  private int tries;

  /**
   * Delays that begin anew.
   *
   * @param firstNanos the longest that the first may be
   * @param longestNanos the longest that any may be
   * @param random spreads them
   */
  public BackOff(long firstNanos, long longestNanos, RandomGenerator random) {
    this.firstNanos = firstNanos;
    this.longestNanos = longestNanos;
    this.random = random;
  }

  /** The delay before the next try, in nanoseconds. */
  public long nextNanos() {
    long whole = Math.min(longestNanos, firstNanos << Math.min(tries, MOST_DOUBLINGS));
    tries++;
    return (long) (whole * (0.5 + 0.5 * random.nextDouble()));
  }

  /** All is well: the next delay is the first one again. */
  public void reset() {
    tries = 0;
  }
}
