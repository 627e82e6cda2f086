package io.fairlead.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * The pending transactions that an upstream pushes over WebSocket.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PushedPending implements PendingSource, SubscriptionListener {
  private final Line line;
  private final boolean isFull;
  private final Listener listener;
  private @Nullable SocketSubscription subscription;

  PushedPending(Line line, boolean isFull, Listener listener) {
    this.line = line;
    this.isFull = isFull;
    this.listener = listener;
  }

  @Override
  public void open() {
    String params = isFull ? "[\"newPendingTransactions\",true]" : "[\"newPendingTransactions\"]";
    subscription = line.socket().subscribe(params, this);
    line.acquire();
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.unsubscribe();
      subscription = null;
      line.release();
    }
  }

  @Override
  public void onSubscribed() {
    listener.onState(true);
  }

  @Override
  public void onNotified(String json) {
    listener.onPending(json);
  }

  @Override
  public void onInterrupted(String reason) {
    listener.onState(false);
  }

  @Override
  public void onRefused(RpcFailure failure) {
    listener.onRefused();
  }
}
