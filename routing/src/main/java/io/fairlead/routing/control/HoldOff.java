package io.fairlead.routing.control;

import java.util.random.RandomGenerator;

/**
 * How long an upstream is left alone because it said so, which is not ill health.
 *
 * <p>A rate limit: as long as it asked for (100 ms to 10 min), else a jittered second that doubles
 * each time until a minute has passed without. What arrives while it is held off was under way
 * before and does not count again. After it an upstream is whole at once, since {@link
 * LearnedQuota} paces it; a vendor, of whose quota nothing is known, gets a quarter of its share,
 * growing as with {@link Recovery}.
 *
 * <p>A refused credential or plan: half a minute, four times as long each time, up to ten minutes.
 *
 * <p>A proven lie is the one case that is a verdict and not a wish: a minute, four times as long
 * each time, up to four hours, until a day has passed without. A liar answers probes well, so no
 * probe shortens it.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class HoldOff {
  private static final long SECOND = 1_000_000_000L;
  private static final double CAUTIOUS_START = 0.25;
  private static final double RAMP_PER_SECOND = 1.25;

  private final long firstNanos;
  private final double growth;
  private final long maxNanos;
  private final double start;
  private final long memoryNanos;
  private long untilNanos;
  private long forgetAtNanos;
  private int times;
  private boolean ever;
  private boolean isUntold;

  private HoldOff(long firstNanos, double growth, long maxNanos, double start, long memoryNanos) {
    this.firstNanos = firstNanos;
    this.growth = growth;
    this.maxNanos = maxNanos;
    this.start = start;
    this.memoryNanos = memoryNanos;
  }

  static HoldOff forLimits() {
    return new HoldOff(SECOND, 2, 60 * SECOND, 1, 60 * SECOND);
  }

  static HoldOff forVendors() {
    return new HoldOff(SECOND, 2, 60 * SECOND, CAUTIOUS_START, 60 * SECOND);
  }

  static HoldOff forAccounts() {
    return new HoldOff(30 * SECOND, 4, 600 * SECOND, CAUTIOUS_START, 60 * SECOND);
  }

  static HoldOff forLies() {
    return new HoldOff(60 * SECOND, 4, 14_400 * SECOND, Recovery.CANARY, 86_400 * SECOND);
  }

  /**
   * Holds off.
   *
   * @param askedNanos for how long, or -1
   * @return whether that is news
   */
  boolean begin(long nowNanos, long askedNanos, RandomGenerator random) {
    if (isHolding(nowNanos)) {
      long asked = nowNanos + Math.min(600 * SECOND, askedNanos);
      untilNanos = asked - untilNanos > 0 ? asked : untilNanos;
      return false;
    }
    times = ever && nowNanos - forgetAtNanos < 0 ? times + 1 : 0;
    double grown = Math.min((double) maxNanos, firstNanos * Math.pow(growth, times));
    long delay =
        askedNanos >= 0
            ? Math.min(600 * SECOND, Math.max(SECOND / 10, askedNanos))
            : (long) (grown * (0.75 + 0.5 * random.nextDouble()));
    hold(nowNanos, delay);
    return true;
  }

  /** Holds off for a time given from outside, without growing the next one. */
  void hold(long nowNanos, long delayNanos) {
    ever = true;
    isUntold = true;
    untilNanos = nowNanos + delayNanos;
    forgetAtNanos = untilNanos + memoryNanos;
  }

  /** Whether it ended since it was last asked. */
  boolean tryEnd(long nowNanos) {
    boolean hasEnded = isUntold && !isHolding(nowNanos);
    isUntold &= !hasEnded;
    return hasEnded;
  }

  boolean isHolding(long nowNanos) {
    return ever && nowNanos - untilNanos < 0;
  }

  long leftNanos(long nowNanos) {
    return isHolding(nowNanos) ? untilNanos - nowNanos : 0;
  }

  double readiness(long nowNanos) {
    if (!ever) {
      return 1;
    }
    double seconds = (nowNanos - untilNanos) / 1e9;
    return seconds < 0 ? 0 : Math.min(1, start * Math.pow(RAMP_PER_SECOND, seconds));
  }
}
