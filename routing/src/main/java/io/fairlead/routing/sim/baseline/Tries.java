package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.SimAttempt;

/** The attempts that a gateway has made for one call. */
final class Tries {
  private final SimAttempt[] made;
  private int count;
  private int hedges;
  private long open;

  /**
   * None yet.
   *
   * @param capacity the most attempts there will be, at most 64
   */
  Tries(int capacity) {
    made = new SimAttempt[capacity];
  }

  /** Notes an attempt that is in flight now. */
  void add(SimAttempt attempt) {
    open |= 1L << count;
    made[count++] = attempt;
  }

  /** Notes that the latest attempt is a hedge, which spends no retry. */
  void addHedge() {
    hedges++;
  }

  /** Notes that an attempt is not in flight any more. */
  void close(SimAttempt attempt) {
    for (int i = 0; i < count; i++) {
      if (made[i] == attempt) {
        open &= ~(1L << i);
      }
    }
  }

  /** One attempt that is in flight; there must be one. */
  SimAttempt anyOpen() {
    return made[Long.numberOfTrailingZeros(open)];
  }

  /** Whether an attempt is in flight. */
  boolean isAnyOpen() {
    return open != 0;
  }

  /** How many were made, hedges included. */
  int count() {
    return count;
  }

  /** How many of them are hedges. */
  int hedges() {
    return hedges;
  }

  /** Whether an upstream has been asked. */
  boolean has(int upstream) {
    for (int i = 0; i < count; i++) {
      if (made[i].upstream() == upstream) {
        return true;
      }
    }
    return false;
  }
}
