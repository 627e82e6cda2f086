package io.fairlead.gateway.subscribe;

/**
 * Counts what subscribers are sent.
 *
 * <p>Thread-safety: called on all event loops.
 */
@FunctionalInterface
public interface FanOutObserver {
  /**
   * Notifications were handed to connections.
   *
   * @param count how many, 0 or more
   */
  void onSent(int count);
}
