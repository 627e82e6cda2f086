package io.fairlead.gateway.call;

import org.jspecify.annotations.Nullable;

/**
 * The answer that a question ends with if nobody gives a better one.
 *
 * <p>Thread-safety: confined to the question's event loop. Ownership: owns the answer until it is
 * taken or dropped.
 */
final class Fallback {
  private final CallMessage message;
  private @Nullable WholeAnswer answer;
  private long rank = -1;

  /**
   * None yet.
   *
   * @param message what is asked; a notification is answered by nothing
   */
  Fallback(CallMessage message) {
    this.message = message;
  }

  /** Keeps an attempt's answer in place of what was kept before. */
  void keep(Attempt attempt, CallOutcome outcome) {
    drop();
    if (!message.isNotification()) {
      answer = attempt.answer().takeWhole(message, outcome, attempt.upstream());
    }
  }

  /** Keeps an attempt's answer if it ranks above all that were kept by rank. */
  void keepIfAbove(Attempt attempt, CallOutcome outcome, long itsRank) {
    if (itsRank > rank) {
      rank = itsRank;
      keep(attempt, outcome);
    }
  }

  /** Hands over what is kept; null for nothing. */
  @Nullable WholeAnswer take() {
    WholeAnswer taken = answer;
    answer = null;
    return taken;
  }

  void drop() {
    WholeAnswer dropped = take();
    if (dropped != null) {
      dropped.release();
    }
  }
}
