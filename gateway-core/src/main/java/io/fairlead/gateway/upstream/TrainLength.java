package io.fairlead.gateway.upstream;

import io.fairlead.routing.time.NanoClock;
import java.util.concurrent.TimeUnit;

/**
 * How many brief calls may share a connection to one upstream, learnt from how soon one answer
 * follows the other.
 *
 * <p>Who answers requests of one connection one after the other keeps the last of them waiting for
 * all before it. The mean time between two answers of a train, times those before the last, must
 * not be more than this budget: a tenth of what a call takes anyway, or half a millisecond if that
 * is more. The mean is exponential with a weight of 1/16; no gap counts for more than four budgets,
 * and a long one not at all if no connection was answered meanwhile: a pause of the whole server
 * holds up every call, in whatever way it was sent. Where not even two may go together, two are
 * tried after a tenth of a second, and after twice the time before whenever they may not again, up
 * to some seconds, or nothing would be learnt any more.
 *
 * <p>A server that has never answered a whole train and lets one stick may not understand it at
 * all: it has none for a minute, one that has answered some for a tenth of a second.
 *
 * <p>A server, or something before it, may close after one answer and leave the rest without. A
 * train that ended so costs ten that went well; when the credit is used up there are none for a
 * minute.
 *
 * <p>Thread-safety: loop-confined.
 */
final class TrainLength {
  /** The most calls in a train. */
  static final int MOST = 16;

  static final long LEAST_BUDGET_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  static final long MOST_RETRY_NANOS = 64 * RETRY_NANOS;
  static final long OFF_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final double WEIGHT = 1.0 / 16;
  private static final double LATENCY_SHARE = 0.1;
  private static final int MOST_BUDGETS = 4;
  private static final int MOST_CREDIT = 50;
  private static final int PRICE_OF_A_BREAK = 10;
  private static final long LEAST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int PATIENCE_LATENCIES = 4;
  private static final long MOST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PATIENCE_IN_A_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private double gapNanos = LEAST_BUDGET_NANOS;
  private double latencyNanos;
  private int most = 2;
  private int credit = 2 * PRICE_OF_A_BREAK;
  private long retryNanos = RETRY_NANOS;
  private long notBeforeNanos;
  private boolean isWaiting;
  private boolean isProven;

  /** How many may go together now: 1 (nobody shares) to {@value #MOST}. */
  int most(NanoClock clock) {
    if (isWaiting) {
      if (clock.nanoTime() - notBeforeNanos < 0) {
        return 1;
      }
      isWaiting = false;
      gapNanos = budgetNanos();
      most = 2;
    }
    return most;
  }

  /** The first answer of a train is whole, so long after it left. */
  void onFirst(long tookNanos) {
    latencyNanos += (Math.min(tookNanos, MOST_PATIENCE_NANOS) - latencyNanos) * WEIGHT;
  }

  /**
   * Another answer is whole.
   *
   * @param afterNanos so long after the one before
   * @param isPause whether nobody else was answered meanwhile, although others waited too
   * @param nowNanos the time
   */
  void onFollowing(long afterNanos, boolean isPause, long nowNanos) {
    double budgetNanos = budgetNanos();
    if (isPause && afterNanos > budgetNanos) {
      return;
    }
    gapNanos += (Math.min((double) afterNanos, MOST_BUDGETS * budgetNanos) - gapNanos) * WEIGHT;
    most = (int) Math.min(MOST, 1 + budgetNanos / Math.max(1, gapNanos));
    if (most > 1) {
      retryNanos = RETRY_NANOS;
    } else if (!isWaiting) {
      waitUntil(nowNanos + retryNanos);
      retryNanos = Math.min(2 * retryNanos, MOST_RETRY_NANOS);
    }
  }

  private double budgetNanos() {
    return Math.max((double) LEAST_BUDGET_NANOS, latencyNanos * LATENCY_SHARE);
  }

  /** All of a train were answered. */
  void onWhole() {
    isProven = true;
    credit = Math.min(MOST_CREDIT, credit + 1);
  }

  /** The connection ended behind an answer, with others due. */
  void onBroken(long nowNanos) {
    credit -= PRICE_OF_A_BREAK;
    if (credit <= 0) {
      credit = PRICE_OF_A_BREAK;
      waitUntil(nowNanos + OFF_NANOS);
    }
  }

  private void waitUntil(long nanos) {
    isWaiting = true;
    notBeforeNanos = nanos;
  }

  /**
   * For how long those behind wait for the one before them before they go on their own, which costs
   * the upstream a second answer.
   *
   * @param isPause whether nobody else is answered either: then another connection may not help
   */
  long patienceNanos(boolean isPause) {
    long usual = Math.max(LEAST_PATIENCE_NANOS, (long) (PATIENCE_LATENCIES * latencyNanos));
    return isPause ? PATIENCE_IN_A_PAUSE_NANOS : Math.min(usual, MOST_PATIENCE_NANOS);
  }

  /** Somebody waited in vain: for some time nobody goes together, and then two. */
  void onStuck(long nowNanos) {
    waitUntil(nowNanos + (isProven ? RETRY_NANOS : OFF_NANOS));
  }
}
