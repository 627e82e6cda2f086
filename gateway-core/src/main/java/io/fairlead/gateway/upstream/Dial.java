package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
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
 * One connection to an upstream on its way: the addresses of the host one after the other, then
 * TLS.
 *
 * <p>All addresses share the connect timeout: each gets its part of what is left. Thread-safety:
 * loop-confined.
 */
final class Dial {
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(64 * 1024, 128 * 1024);

  private final Connector connector;
  private final Target target;
  private List<InetSocketAddress> addresses = List.of();
  private int next;
  private long deadlineNanos;

  /** Whom a connection is for; hears exactly one of {@link #onOpen} and {@link #onFailed}. */
  interface Target {
    /** What stands behind TLS in the pipeline of a new channel; asked once for each address. */
    List<ChannelHandler> newHandlers();

    /** TCP is there, TLS not yet. */
    void onConnected(long tookNanos);

    /** The connection can be used. */
    void onOpen(Channel channel);

    /** There is none; the text names the upstream's host and no secret. */
    void onFailed(Kind kind, String text);
  }

  Dial(Connector connector, Target target) {
    this.connector = connector;
    this.target = target;
  }

  void begin(List<InetSocketAddress> resolved) {
    addresses = resolved;
    deadlineNanos =
        connector.loop().nanoTime() + connector.network().policy().connectTimeout().toNanos();
    tryNext();
  }

  void failResolution(Throwable cause) {
    fail(Kind.DNS, cause);
  }

  private void tryNext() {
    InetSocketAddress address = addresses.get(next);
    long startNanos = connector.loop().nanoTime();
    long leftNanos = Math.max(0, deadlineNanos - startNanos) / (addresses.size() - next);
    next++;
    connector
        .loop()
        .newBootstrap()
        .disableResolver()
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos)))
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
        .handler(new Pipeline(target.newHandlers()))
        .connect(address)
        .addListener((ChannelFuture future) -> onConnect(future, address, startNanos));
  }

  private void onConnect(ChannelFuture future, InetSocketAddress address, long startNanos) {
    @Nullable Throwable cause = future.cause();
    if (cause == null) {
      connector.onConnected(address);
      target.onConnected(Math.max(1, connector.loop().nanoTime() - startNanos));
      awaitTls(future.channel());
    } else if (next < addresses.size()) {
      tryNext();
    } else {
      fail(connectKind(cause), cause);
    }
  }

  private static Kind connectKind(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return Kind.CONNECT_TIMEOUT;
    }
    return cause instanceof ConnectException ? Kind.CONNECT_REFUSED : Kind.CONNECT_FAILED;
  }

  private void awaitTls(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      target.onOpen(channel);
      return;
    }
    tls.handshakeFuture()
        .addListener(
            future -> {
              if (future.isSuccess()) {
                target.onOpen(channel);
              } else {
                channel.close();
                fail(handshakeKind(future.cause()), future.cause());
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

  private void fail(Kind kind, Throwable cause) {
    target.onFailed(kind, connector.address() + ": " + FailureText.of(cause));
  }

  /** Fills the pipeline of a new channel: TLS if need be, then what the connection is for. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    private final List<ChannelHandler> handlers;

    Pipeline(List<ChannelHandler> handlers) {
      this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel channel) {
      UpstreamNetwork network = connector.network();
      if (connector.address().isTls()) {
        SslHandler tls = network.tls().newHandler(channel.alloc(), connector.address());
        tls.setHandshakeTimeoutMillis(network.policy().handshakeTimeout().toMillis());
        channel.pipeline().addLast(tls);
      }
      channel.pipeline().addLast(handlers.toArray(ChannelHandler[]::new));
    }
  }
}
