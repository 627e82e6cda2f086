package io.fairlead.routing.sim.engine;

/**
 * The luck of an attempt: numbers that depend on the seed, the call and which of its attempts it is
 * alone, so that two policies that send one call to one place have the same luck there, and nothing
 * that one of them does changes the luck of another call (common random numbers).
 *
 * <p>Source: Stafford's variant 13 of the finaliser of MurmurHash3, as used by SplitMix64 (Steele,
 * Lea and Flood, 2014); Law, "Simulation modeling and analysis", section 11.2, for common random
 * numbers.
 */
final class Luck {
  /** The way to the upstream. */
  static final int THERE = 0;

  /** The way back. */
  static final int BACK = 1;

  /** Whether the server errs. */
  static final int ERROR = 2;

  private static final double UNIT = 0x1.0p-53;

  private Luck() {}

  /** Uniform in [0, 1). */
  static double of(long seed, long callId, int attempt, int purpose) {
    long z = seed + 0x9E3779B97F4A7C15L * (callId * 64 + attempt * 8L + purpose + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * UNIT;
  }
}
