package io.fairlead.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * One subscription over an {@link UpstreamSocket}, kept up across its connections.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public final class SocketSubscription {
  private final UpstreamSocket socket;
  private final String params;
  private final SubscriptionListener listener;
  private @Nullable String id;
  private boolean isEnded;

  SocketSubscription(UpstreamSocket socket, String params, SubscriptionListener listener) {
    this.socket = socket;
    this.params = params;
    this.listener = listener;
  }

  /** Ends it; its listener hears nothing more. */
  public void unsubscribe() {
    if (!isEnded) {
      isEnded = true;
      socket.onUnsubscribed(this);
    }
  }

  boolean isEnded() {
    return isEnded;
  }

  String params() {
    return params;
  }

  /** Under which id the upstream notifies; null while it does not. */
  @Nullable String id() {
    return id;
  }

  void onSubscribed(String given) {
    id = given;
    listener.onSubscribed();
  }

  void onNotified(String json) {
    if (!isEnded) {
      listener.onNotified(json);
    }
  }

  /** The connection is gone. */
  void onInterrupted(String reason) {
    id = null;
    if (!isEnded) {
      listener.onInterrupted(reason);
    }
  }

  void onRefused(RpcFailure failure) {
    if (!isEnded) {
      listener.onRefused(failure);
    }
  }
}
