package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One new connection on its way: the addresses of the host one after the other, then TLS, and with
 * it the exchange that waits for it (or none, to keep a connection warm).
 *
 * <p>All addresses share the connect timeout: each gets its part of what is left. Thread-safety:
 * loop-confined.
 */
final class ConnectAttempt {
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(64 * 1024, 128 * 1024);

  private final UpstreamPool pool;
  private final Connector connector;
  private final @Nullable Exchange waiting;
  private List<InetSocketAddress> targets = List.of();
  private int next;
  private long deadlineNanos;

  ConnectAttempt(UpstreamPool pool, Connector connector, @Nullable Exchange waiting) {
    this.pool = pool;
    this.connector = connector;
    this.waiting = waiting;
  }

  void begin(List<InetSocketAddress> addresses) {
    targets = addresses;
    deadlineNanos =
        connector.loop().nanoTime() + connector.network().policy().connectTimeout().toNanos();
    tryNext();
  }

  void failResolution(Throwable cause) {
    fail(Kind.DNS, FailureText.of(cause));
  }

  private void tryNext() {
    InetSocketAddress target = targets.get(next);
    long startNanos = connector.loop().nanoTime();
    long leftNanos = Math.max(0, deadlineNanos - startNanos) / (targets.size() - next);
    next++;
    Connection connection = new Connection(pool);
    connector
        .loop()
        .newBootstrap()
        .disableResolver()
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos)))
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
        .handler(new Pipeline(connection))
        .connect(target)
        .addListener((ChannelFuture future) -> onConnect(future, target, connection, startNanos));
  }

  private void onConnect(
      ChannelFuture future, InetSocketAddress target, Connection connection, long startNanos) {
    Throwable cause = future.cause();
    if (cause == null) {
      connector.onConnected(target);
      long tookNanos = Math.max(1, connector.loop().nanoTime() - startNanos);
      connector.network().rtt().onRtt(pool.slot(), RttListener.Source.CONNECT, tookNanos);
      awaitTls(future.channel(), connection);
    } else if (next < targets.size()) {
      tryNext();
    } else {
      fail(connectKind(cause), FailureText.of(cause));
    }
  }

  private static Kind connectKind(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return Kind.CONNECT_TIMEOUT;
    }
    return cause instanceof ConnectException ? Kind.CONNECT_REFUSED : Kind.CONNECT_FAILED;
  }

  private void awaitTls(Channel channel, Connection connection) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      pool.onConnected(connection, waiting);
      return;
    }
    tls.handshakeFuture()
        .addListener(
            future -> {
              if (future.isSuccess()) {
                pool.onConnected(connection, waiting);
              } else {
                channel.close();
                fail(handshakeKind(future.cause()), FailureText.of(future.cause()));
              }
            });
  }

  private static Kind handshakeKind(Throwable cause) {
    if (cause instanceof SslHandshakeTimeoutException) {
      return Kind.CONNECT_TIMEOUT;
    }
    if (cause instanceof SSLException) {
      return Kind.TLS;
    }
    return cause instanceof IOException ? Kind.CONNECT_FAILED : Kind.TLS;
  }

  private void fail(Kind kind, String reason) {
    pool.onConnectFailed(
        waiting, new ExchangeFailure(kind, false, connector.address() + ": " + reason));
  }

  /** Fills the pipeline of a new channel: TLS if need be, the decoder, the connection. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    private final Connection connection;

    Pipeline(Connection connection) {
      this.connection = connection;
    }

    @Override
    protected void initChannel(Channel channel) {
      UpstreamNetwork network = connector.network();
      if (connector.address().isTls()) {
        SslHandler tls = network.tls().newHandler(channel.alloc(), connector.address());
        tls.setHandshakeTimeoutMillis(network.policy().handshakeTimeout().toMillis());
        channel.pipeline().addLast(tls);
      }
      channel.pipeline().addLast(connection.decoder(), connection);
    }
  }
}
