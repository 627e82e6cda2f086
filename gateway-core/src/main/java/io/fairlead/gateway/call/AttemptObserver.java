package io.fairlead.gateway.call;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;

/**
 * Counts the attempts at one upstream.
 *
 * <p>Thread-safety: called on all event loops, for every attempt; must be safe and quick.
 */
@FunctionalInterface
public interface AttemptObserver {
  /**
   * An attempt ended.
   *
   * @param methodClass of the call's method
   * @param result how
   * @param elapsedNanos since it was sent
   */
  void onAttempt(MethodClass methodClass, AttemptResult result, long elapsedNanos);
}
