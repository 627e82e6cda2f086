package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One new connection of a pool on its way, and with it the exchange that waits for it (or none, to
 * keep a connection warm).
 *
 * <p>Thread-safety: loop-confined.
 */
final class ConnectAttempt implements Dial.Target {
  private final UpstreamPool pool;
  private final @Nullable Exchange waiting;
  private @Nullable Connection connection;

  ConnectAttempt(UpstreamPool pool, @Nullable Exchange waiting) {
    this.pool = pool;
    this.waiting = waiting;
  }

  @Override
  public List<ChannelHandler> newHandlers() {
    Connection made = new Connection(pool);
    connection = made;
    return List.of(made.decoder(), made);
  }

  @Override
  public void onConnected(long tookNanos) {
    pool.onRtt(tookNanos);
  }

  @Override
  public void onOpen(Channel channel) {
    Connection open = connection;
    if (open == null) {
      throw new IllegalStateException("open without handlers");
    }
    pool.onConnected(open, waiting);
  }

  @Override
  public void onFailed(Kind kind, String text) {
    pool.onConnectFailed(waiting, new ExchangeFailure(kind, false, text));
  }
}
