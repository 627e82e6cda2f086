package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.feed.LogInterest;

/**
 * What anybody waits for at the moment.
 *
 * <p>Thread-safety: immutable.
 *
 * @param heads whether anybody waits for new blocks or their logs
 * @param logs which logs
 * @param pending whether anybody waits for hashes of pending transactions
 * @param pendingWhole whether anybody waits for pending transactions whole
 */
public record Wanted(boolean heads, LogInterest logs, boolean pending, boolean pendingWhole) {
  /** Nothing. */
  public static final Wanted NOTHING = new Wanted(false, LogInterest.NONE, false, false);

  /** Hears what is wanted whenever that changes. */
  @FunctionalInterface
  public interface Listener {
    /** From now on this is wanted; called on the home loop. */
    void onWanted(Wanted wanted);
  }
}
