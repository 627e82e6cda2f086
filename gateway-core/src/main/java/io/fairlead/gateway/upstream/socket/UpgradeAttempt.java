package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.socket.WireFailure.Kind;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One try to upgrade a connection to WebSocket (RFC 6455, section 4.1).
 *
 * <p>Thread-safety: loop-confined. Ownership: owns the channel until the listener is given it.
 */
final class UpgradeAttempt implements Upgrade {
  private static final int MOST_RETRY_AFTER_DIGITS = 6;

  private final WebSocketClientHandshaker handshaker;
  private final UpgradeListener listener;
  private final String host;
  private @Nullable Channel channel;
  private @Nullable Cancellable timeout;
  private boolean isEnded;

  UpgradeAttempt(WebSocketClientHandshaker handshaker, UpgradeListener listener, String host) {
    this.handshaker = handshaker;
    this.listener = listener;
    this.host = host;
  }

  Handler newHandler() {
    return new Handler();
  }

  void onConnected(Channel open, Scheduler scheduler, long timeoutNanos) {
    if (isEnded) {
      open.close();
      return;
    }
    channel = open;
    timeout = scheduler.schedule(this::onTimeout, timeoutNanos);
    handshaker
        .handshake(open)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(failure(Kind.UNREACHABLE, "closed before the upgrade"));
              }
            });
  }

  private void onTimeout() {
    fail(failure(Kind.UNREACHABLE, "no answer to the upgrade in time"));
  }

  private WireFailure failure(Kind kind, String text) {
    return WireFailure.of(kind, host + ": " + text);
  }

  /** Ends it and says so, once. */
  void fail(WireFailure failure) {
    if (!isEnded) {
      cancel();
      listener.onFailed(failure);
    }
  }

  @Override
  public void cancel() {
    if (!isEnded) {
      end();
      if (channel != null) {
        channel.close();
      }
    }
  }

  private void end() {
    isEnded = true;
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
  }

  /** Reads the answer to the upgrade. */
  final class Handler extends ChannelInboundHandlerAdapter {
    private @Nullable HttpResponse upgrade;

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
      try {
        if (isEnded) {
          return;
        }
        if (msg instanceof HttpResponse response) {
          onResponse(response);
        }
        if (msg instanceof LastHttpContent && !isEnded) {
          onUpgraded(context);
        }
      } finally {
        ReferenceCountUtil.release(msg);
      }
    }

    private void onResponse(HttpResponse response) {
      if (response.decoderResult().isFailure()) {
        fail(failure(Kind.MALFORMED, "its answer to the upgrade is no HTTP"));
      } else if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        upgrade = response;
      } else {
        fail(refusal(response));
      }
    }

    private WireFailure refusal(HttpResponse response) {
      String text = host + ": HTTP " + response.status().code() + " to the upgrade";
      String asked = response.headers().get(HttpHeaderNames.RETRY_AFTER, "").strip();
      boolean isNumber = asked.length() <= MOST_RETRY_AFTER_DIGITS && asked.matches("[0-9]{1,6}");
      return new WireFailure(Kind.REFUSED, isNumber ? Long.parseLong(asked) : 0, text);
    }

    private void onUpgraded(ChannelHandlerContext context) {
      HttpResponse head = upgrade;
      if (head == null) {
        return;
      }
      try {
        handshaker.finishHandshake(context.channel(), whole(head));
      } catch (WebSocketHandshakeException e) {
        // The exception's message repeats what the other side sent.
        fail(failure(Kind.REFUSED, "its answer to the upgrade is no acceptance"));
        return;
      }
      end();
      listener.onUpgraded(context.channel());
      context.pipeline().remove(this);
    }

    private FullHttpResponse whole(HttpResponse head) {
      return new DefaultFullHttpResponse(
          head.protocolVersion(),
          head.status(),
          Unpooled.EMPTY_BUFFER,
          head.headers(),
          new DefaultHttpHeaders());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (channel != null) { // else whoever connects tells how that ended
        fail(failure(Kind.UNREACHABLE, "closed before the upgrade"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (channel == null) {
        return;
      }
      String sort = cause.getClass().getSimpleName();
      fail(
          cause instanceof DecoderException
              ? failure(Kind.MALFORMED, "sends what cannot be taken (" + sort + ")")
              : failure(Kind.UNREACHABLE, "the connection broke (" + sort + ")"));
    }
  }
}
