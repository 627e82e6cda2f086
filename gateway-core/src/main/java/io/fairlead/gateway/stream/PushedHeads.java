package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.FeedJson;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The heads that an upstream pushes over WebSocket: {@code eth_subscribe newHeads}. The head at the
 * beginning, and after a lost connection, is asked for.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PushedHeads implements HeadSource, SubscriptionListener {
  static final RpcQuestion LATEST =
      new RpcQuestion("eth_getBlockByNumber", "[\"latest\",false]", TimeUnit.SECONDS.toNanos(2));

  private final Line line;
  private final Listener listener;
  private @Nullable SocketSubscription subscription;

  PushedHeads(Line line, Listener listener) {
    this.line = line;
    this.listener = listener;
  }

  @Override
  public void open() {
    subscription = line.socket().subscribe("[\"newHeads\"]", this);
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
    listener.onLive();
    line.socket()
        .ask(
            LATEST,
            new RpcReply() {
              @Override
              public void onResult(String json) {
                if (subscription != null) {
                  onNotified(json);
                }
              }

              @Override
              public void onFailure(RpcFailure failure) {
                // The next head is pushed.
              }
            });
  }

  @Override
  public void onNotified(String json) {
    tell(FeedJson.head(json.getBytes(StandardCharsets.UTF_8)));
  }

  private void tell(Parsed<Header> read) {
    if (read instanceof Parsed.Good<Header> good) {
      listener.onHead(good.value());
    }
  }

  @Override
  public void onInterrupted(String reason) {
    listener.onDown(reason);
  }

  @Override
  public void onRefused(RpcFailure failure) {
    listener.onRefused(failure.text());
  }
}
