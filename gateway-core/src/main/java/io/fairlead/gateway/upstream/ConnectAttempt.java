package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.fairlead.gateway.upstream.h2.SharedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One new connection of a pool on its way, and with it the exchange that waits for it, or none: it
 * is then for all that wait, or to be kept warm. What it speaks is known when it is open.
 *
 * <p>Thread-safety: loop-confined.
 */
final class ConnectAttempt implements Dial.Target {
  private final UpstreamPool pool;
  private final @Nullable Exchange waiting;
  private @Nullable Connection connection;
  private @Nullable SharedConnection shared;

  ConnectAttempt(UpstreamPool pool, @Nullable Exchange waiting) {
    this.pool = pool;
    this.waiting = waiting;
  }

  @Override
  public boolean offersHttp2() {
    return pool.offersHttp2();
  }

  @Override
  public List<ChannelHandler> newHandlers(@Nullable String protocol) {
    boolean isHttp2 =
        protocol == null
            ? pool.spec().http2() == Http2Use.PRIOR_KNOWLEDGE
            : protocol.equals(ApplicationProtocolNames.HTTP_2);
    if (isHttp2) {
      SharedConnection made = pool.shared().newConnection();
      shared = made;
      return List.of(made);
    }
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
    if (shared != null) {
      pool.onShared(shared, waiting);
    } else if (connection != null) {
      pool.onConnected(connection, waiting);
    } else {
      throw new IllegalStateException("open without handlers");
    }
  }

  @Override
  public void onFailed(Kind kind, String text) {
    pool.onConnectFailed(waiting, new ExchangeFailure(kind, false, text));
  }
}
