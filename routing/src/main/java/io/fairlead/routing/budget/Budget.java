package io.fairlead.routing.budget;

import io.fairlead.routing.time.NanoClock;

/**
 * How many extra attempts may be made: a share of the calls, plus so many a second.
 *
 * <p><b>Idea.</b> Every call deposits {@code ratio} of a token and time adds {@code perSecond}
 * more; an extra attempt withdraws one. Tokens fade with a time constant of ten seconds, so the
 * balance tends to ten seconds' worth of deposits: enough to retry every call that a failing domain
 * swallows until it is convicted, and never so much that a long outage doubles the load. A new
 * budget has had no deposits yet; it may start with tokens in advance, so that a domain that fails
 * right after the start is survived as well.
 *
 * <p><b>Bounds.</b> Over any period t, withdrawals are at most {@code ratio} x deposits + {@code
 * perSecond} x t + the balance at its start, which is at most 10 s x ({@code ratio} x the call rate
 * + {@code perSecond}).
 *
 * <p><b>Cost.</b> One exponential per millisecond at the most; no allocation.
 *
 * <p><b>Deviation.</b> Finagle's budget expires tokens in ten one-second slots; fading does the
 * same without slots, and without steps.
 *
 * <p>Thread-safety: none; used on one thread.
 *
 * <p>Source: twitter/finagle RetryBudget; Google SRE book, chapter 21 ("Handling overload").
 */
public final class Budget {
  private static final double FADE_SECONDS = 10;
  private static final long MIN_STEP_NANOS = 1_000_000L;

  private final double ratio;
  private final double perSecond;
  private final NanoClock clock;
  private double balance;
  private long fadedAtNanos;

  /**
   * A budget that starts with what {@code perSecond} yields in ten seconds.
   *
   * @param ratio tokens for each deposit, 0 or more
   * @param perSecond tokens for each second, 0 or more
   * @param clock the time
   */
  public Budget(double ratio, double perSecond, NanoClock clock) {
    this(ratio, perSecond, FADE_SECONDS * perSecond, clock);
  }

  /**
   * A budget that starts with tokens in advance.
   *
   * @param ratio tokens for each deposit, 0 or more
   * @param perSecond tokens for each second, 0 or more
   * @param startTokens what it holds at first, 0 or more; fades like any other balance
   * @param clock the time
   */
  public Budget(double ratio, double perSecond, double startTokens, NanoClock clock) {
    if (!(ratio >= 0) || !(perSecond >= 0) || !(startTokens >= 0)) {
      throw new IllegalArgumentException(
          "ratio, perSecond, startTokens: "
              + ratio
              + ", "
              + perSecond
              + ", "
              + startTokens
              + " (expected: 0 or more)");
    }
    this.ratio = ratio;
    this.perSecond = perSecond;
    this.clock = clock;
    balance = startTokens;
    fadedAtNanos = clock.nanoTime();
  }

  /** Adds what one call is worth. */
  public void deposit() {
    fade();
    balance += ratio;
  }

  /**
   * Takes a token.
   *
   * @return whether there was one
   */
  public boolean tryWithdraw() {
    fade();
    if (balance < 1) {
      return false;
    }
    balance--;
    return true;
  }

  /**
   * Tokens left.
   *
   * @return 0 or more
   */
  public double balance() {
    fade();
    return balance;
  }

  private void fade() {
    long now = clock.nanoTime();
    long elapsed = now - fadedAtNanos;
    if (elapsed >= MIN_STEP_NANOS) {
      double kept = Math.exp(-elapsed / (FADE_SECONDS * 1e9));
      balance = balance * kept + perSecond * FADE_SECONDS * (1 - kept);
      fadedAtNanos = now;
    }
  }
}
