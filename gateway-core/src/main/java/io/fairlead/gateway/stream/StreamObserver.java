package io.fairlead.gateway.stream;

import io.fairlead.routing.Upstream;

/**
 * Counts what happens between the gateway and the upstreams that it listens to.
 *
 * <p>Thread-safety: called on the chain's home loop.
 */
public interface StreamObserver {
  /** Counts nothing. */
  StreamObserver NONE = new StreamObserver() {};

  /** A WebSocket connection is open. */
  default void onConnected(Upstream upstream) {}

  /**
   * A WebSocket connection that was open has ended, or a try to make one has failed.
   *
   * @param wasOpen whether it was open
   * @param reason why, without secrets
   */
  default void onDisconnected(Upstream upstream, boolean wasOpen, String reason) {}

  /** A connection is tried again. */
  default void onReconnect(Upstream upstream) {}

  /**
   * Subscriptions at an upstream began or ended.
   *
   * @param change how many more, negative for less
   */
  default void onSubscriptions(Upstream upstream, int change) {}

  /** An upstream notified. */
  default void onPush(Upstream upstream) {}

  /** An upstream is asked what it does not push. */
  default void onPoll(Upstream upstream) {}

  /** An upstream was silent while others told newer heads, and is left for a while. */
  default void onSilent(Upstream upstream) {}
}
