package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.fairlead.routing.time.Scheduler.Cancellable;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream on its way: whichever of the host's addresses takes it first, then
 * TLS.
 *
 * <p>An attempt at the next address begins when one fails, or has not ended {@value
 * #STAGGER_MILLIS} ms after it began; the others go on beside it, and the first to connect ends
 * them all. So an address that swallows packets costs a quarter of a second, once: whoever was
 * overtaken counts as failed and is tried last for a while ({@link AddressOrder}). All attempts
 * share the connect timeout.
 *
 * <p>If TLS then fails, the addresses that are left are tried too, and get at least half of the
 * connect timeout; while some are left a handshake has {@value #PATIENCE_MILLIS} ms. Unlike in RFC
 * 8305, section 5, handshakes do not race each other: far upstreams take longer for one than the
 * stagger, and each would cost them two.
 *
 * <p>Thread-safety: loop-confined. Source: RFC 8305.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nobody to tell
final class Dial {
  static final int STAGGER_MILLIS = 250;
  static final int PATIENCE_MILLIS = 1_000;

  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(64 * 1024, 128 * 1024);

  private final Connector connector;
  private final Target target;
  private final ArrayDeque<InetSocketAddress> left = new ArrayDeque<>();
  private final List<Candidate> pending = new ArrayList<>();
  private @Nullable Cancellable stagger;
  private long deadlineNanos;

  /** Whom a connection is for; hears exactly one of {@link #onOpen} and {@link #onFailed}. */
  interface Target {
    /** Whether the server may choose HTTP/2, if it speaks TLS. */
    boolean offersHttp2();

    /**
     * What stands behind TLS in the pipeline of the channel that is to be used; asked once.
     *
     * @param protocol what the server chose, or null if it chose nothing
     */
    List<ChannelHandler> newHandlers(@Nullable String protocol);

    /** TCP is there, TLS not yet. */
    void onConnected(long tookNanos);

    /** The connection can be used. */
    void onOpen(Channel channel);

    /** There is none; the text names the upstream's host and no secret. */
    void onFailed(Kind kind, String text);
  }

  /** An address that is being connected to. */
  private record Candidate(InetSocketAddress address, Channel channel, long startNanos) {}

  Dial(Connector connector, Target target) {
    this.connector = connector;
    this.target = target;
  }

  private long nowNanos() {
    return connector.loop().nanoTime();
  }

  private ConnectionPolicy policy() {
    return connector.network().policy();
  }

  /** Begins with the first of at least one address. */
  void begin(List<InetSocketAddress> resolved) {
    left.addAll(resolved);
    deadlineNanos = nowNanos() + policy().connectTimeout().toNanos();
    connectNext();
  }

  void failResolution(Throwable cause) {
    fail(Kind.DNS, cause);
  }

  /** None of the host's addresses may be connected to. */
  void refuse(String reason) {
    target.onFailed(Kind.CONNECT_FAILED, connector.address() + ": " + reason);
  }

  private void connectNext() {
    cancelStagger();
    InetSocketAddress address = left.poll();
    if (address == null) {
      return;
    }
    long startNanos = nowNanos();
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - startNanos);
    ChannelFuture connecting =
        connector
            .loop()
            .newBootstrap()
            .disableResolver()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, leftMillis))
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Quiet())
            .connect(address);
    Candidate candidate = new Candidate(address, connecting.channel(), startNanos);
    pending.add(candidate);
    connecting.addListener((ChannelFuture future) -> onConnect(candidate, future.cause()));
    if (!left.isEmpty() && pending.contains(candidate)) {
      stagger =
          connector
              .loop()
              .schedule(this::connectNext, TimeUnit.MILLISECONDS.toNanos(STAGGER_MILLIS));
    }
  }

  private void cancelStagger() {
    Cancellable waiting = stagger;
    stagger = null;
    if (waiting != null) {
      waiting.cancel();
    }
  }

  private void onConnect(Candidate candidate, @Nullable Throwable cause) {
    if (!pending.remove(candidate)) {
      candidate.channel.close(); // another was faster
    } else if (cause == null) {
      take(candidate);
    } else {
      connector.onFailed(candidate.address);
      goOn(connectKind(cause), cause);
    }
  }

  /** After an address failed: with the next, with those under way, or not at all. */
  private void goOn(Kind kind, Throwable cause) {
    if (!left.isEmpty()) {
      connectNext();
    } else if (pending.isEmpty()) {
      fail(kind, cause);
    }
  }

  private static Kind connectKind(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return Kind.CONNECT_TIMEOUT;
    }
    return cause instanceof ConnectException ? Kind.CONNECT_REFUSED : Kind.CONNECT_FAILED;
  }

  private void take(Candidate winner) {
    cancelStagger();
    List<Candidate> overtaken = List.copyOf(pending);
    pending.clear();
    for (Candidate slower : overtaken) {
      if (slower.startNanos - winner.startNanos < 0) {
        connector.onFailed(slower.address);
      }
      left.add(slower.address);
      slower.channel.close();
    }
    target.onConnected(Math.max(1, nowNanos() - winner.startNanos));
    if (connector.address().isTls()) {
      secure(winner);
    } else {
      open(winner);
    }
  }

  private void secure(Candidate winner) {
    SslHandler tls =
        connector
            .network()
            .tls()
            .newHandler(winner.channel.alloc(), connector.address(), target.offersHttp2());
    long millis = policy().handshakeTimeout().toMillis();
    tls.setHandshakeTimeoutMillis(left.isEmpty() ? millis : Math.min(millis, PATIENCE_MILLIS));
    winner.channel.pipeline().addFirst(tls);
    winner.channel.config().setAutoRead(true);
    tls.handshakeFuture()
        .addListener(
            future -> {
              if (future.isSuccess()) {
                open(winner);
              } else {
                abandon(winner, handshakeKind(future.cause()), future.cause());
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

  private void abandon(Candidate failed, Kind kind, Throwable cause) {
    failed.channel.close();
    connector.onFailed(failed.address);
    deadlineNanos = Math.max(deadlineNanos, nowNanos() + policy().connectTimeout().toNanos() / 2);
    goOn(kind, cause);
  }

  private void open(Candidate winner) {
    Channel channel = winner.channel;
    if (!channel.isActive()) {
      abandon(winner, Kind.CONNECT_FAILED, new ConnectException("closed at once"));
      return;
    }
    connector.onConnected(winner.address);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    String protocol = tls == null ? null : tls.applicationProtocol();
    channel.pipeline().addLast(target.newHandlers(protocol).toArray(ChannelHandler[]::new));
    channel.pipeline().remove(Quiet.class);
    channel.config().setAutoRead(true);
    target.onOpen(channel);
  }

  private void fail(Kind kind, Throwable cause) {
    target.onFailed(kind, connector.address() + ": " + FailureText.of(cause));
  }

  /** Stands in until the connection can be used; how it fails is told otherwise. */
  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
