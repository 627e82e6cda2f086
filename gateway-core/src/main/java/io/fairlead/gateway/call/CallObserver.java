package io.fairlead.gateway.call;

import io.fairlead.routing.MethodClass;

/**
 * Counts what happens to the calls of one chain.
 *
 * <p>Thread-safety: called on all event loops, for every call; must be safe and quick.
 */
public interface CallObserver {
  /**
   * A call ended.
   *
   * @param methodClass of its method
   * @param outcome how it ended for the client
   * @param elapsedNanos from the whole request to the answer
   */
  void onCall(MethodClass methodClass, CallOutcome outcome, long elapsedNanos);

  /**
   * What the cache had to do with a call that ended.
   *
   * @param use what
   */
  void onCacheUse(CacheUse use);

  /**
   * Another attempt was made after one had failed.
   *
   * @param reason what became of that one
   */
  void onRetry(RetryReason reason);

  /** Another attempt was made beside a slow one. */
  void onHedge();

  /** A hedge answered first. */
  void onHedgeWon();

  /** Another attempt was made beside one whose upstream was ejected. */
  void onRescue();
}
