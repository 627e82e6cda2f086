package io.fairlead.probes;

import java.time.Duration;

/**
 * How often to probe, and how much at the most.
 *
 * @param interval between probes of an upstream under suspicion; organic answers younger than this
 *     stand in for probes
 * @param timeout for one probe
 * @param dailyBudget calls per upstream in any 24 hours, at the most
 * @param blockTime the chain's usual time between blocks
 */
public record ProbePolicy(
    Duration interval, Duration timeout, int dailyBudget, Duration blockTime) {
  /** The smallest budget with which identity, sync state and head can be learnt and re-checked. */
  public static final int MIN_DAILY_BUDGET = 24;

  private static final long DAY_NANOS = Duration.ofDays(1).toNanos();
  private static final long LONGEST_IDLE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long LEAST_PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  /** Checks the ranges. */
  public ProbePolicy {
    requirePositive("interval", interval);
    requirePositive("timeout", timeout);
    requirePositive("blockTime", blockTime);
    if (dailyBudget < MIN_DAILY_BUDGET) {
      throw new IllegalArgumentException(
          "dailyBudget: " + dailyBudget + " (expected: " + MIN_DAILY_BUDGET + " or more)");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than nothing)");
    }
  }

  long intervalNanos() {
    return interval.toNanos();
  }

  long timeoutNanos() {
    return timeout.toNanos();
  }

  long blockTimeNanos() {
    return blockTime.toNanos();
  }

  /** Calls that may be made at once, before the budget's rate rules. */
  int burst() {
    return Math.max(MIN_DAILY_BUDGET / 2, dailyBudget / 8);
  }

  /** The time in which the budget earns one call, so that burst and earnings make the whole. */
  long nanosPerCall() {
    return DAY_NANOS / (dailyBudget - burst()) + 1;
  }

  /** Between polls of an upstream with nothing against it: once a block, as the budget allows. */
  long idleNanos() {
    long perBlock = Math.max(intervalNanos(), Math.min(blockTimeNanos(), LONGEST_IDLE_NANOS));
    return Math.max(perBlock, nanosPerCall() + nanosPerCall() / 4);
  }

  /** How long a head that too few have reached must stay ahead of one that stands still. */
  long patienceNanos() {
    return Math.max(5 * blockTimeNanos(), LEAST_PATIENCE_NANOS);
  }
}
