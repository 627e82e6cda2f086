package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.WireFailure.Kind;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
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
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection: upgrade, frames, end.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class WebSocketWire implements Wire {
  private static final int MOST_RETRY_AFTER_DIGITS = 6;

  private final WebSocketClientHandshaker handshaker;
  private final WireListener listener;
  private final String host;
  private @Nullable Channel channel;
  private @Nullable Cancellable handshakeTimeout;
  private boolean isEnded;

  WebSocketWire(WebSocketClientHandshaker handshaker, WireListener listener, String host) {
    this.handshaker = handshaker;
    this.listener = listener;
    this.host = host;
  }

  Handler newHandler() {
    return new Handler();
  }

  void onConnected(Channel open, Scheduler scheduler, long handshakeTimeoutNanos) {
    if (isEnded) {
      open.close();
      return;
    }
    channel = open;
    handshakeTimeout = scheduler.schedule(this::onHandshakeTimeout, handshakeTimeoutNanos);
    handshaker
        .handshake(open)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                end(failure(Kind.UNREACHABLE, "closed before the upgrade"));
              }
            });
  }

  private void onHandshakeTimeout() {
    end(failure(Kind.UNREACHABLE, "no answer to the upgrade in time"));
  }

  private WireFailure failure(Kind kind, String text) {
    return WireFailure.of(kind, host + ": " + text);
  }

  /** Ends it and says so, once. */
  void end(WireFailure failure) {
    if (!isEnded) {
      shut();
      listener.onEnd(failure);
    }
  }

  private void shut() {
    isEnded = true;
    if (handshakeTimeout != null) {
      handshakeTimeout.cancel();
      handshakeTimeout = null;
    }
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public void send(String text) {
    Channel open = channel;
    if (open != null && !isEnded) {
      ByteBuf bytes = ByteBufUtil.writeUtf8(open.alloc(), text);
      open.writeAndFlush(new TextWebSocketFrame(bytes), open.voidPromise());
    }
  }

  @Override
  public void ping() {
    Channel open = channel;
    if (open != null && !isEnded) {
      open.writeAndFlush(new PingWebSocketFrame(), open.voidPromise());
    }
  }

  @Override
  public void close() {
    if (isEnded) {
      return;
    }
    if (channel != null && handshaker.isHandshakeComplete()) {
      // What the kernel takes goes out with the close behind it; a frozen peer is not waited for.
      channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }
    shut();
  }

  /** Reads what comes. */
  final class Handler extends ChannelInboundHandlerAdapter {
    private @Nullable HttpResponse upgrade;

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
      try {
        if (isEnded) {
          return;
        }
        if (msg instanceof WebSocketFrame frame) {
          onFrame(context, frame);
        } else if (msg instanceof HttpResponse response) {
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
        end(failure(Kind.MALFORMED, "its answer to the upgrade is no HTTP"));
      } else if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        upgrade = response;
      } else {
        end(refusal(response));
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
      if (head == null || handshaker.isHandshakeComplete()) {
        return;
      }
      try {
        handshaker.finishHandshake(context.channel(), whole(head));
      } catch (WebSocketHandshakeException e) {
        // The exception's message repeats what the other side sent.
        end(failure(Kind.REFUSED, "its answer to the upgrade is no acceptance"));
        return;
      }
      int most = WebSocketWires.MAX_MESSAGE_BYTES;
      context.pipeline().addBefore(context.name(), "ws-whole", new WebSocketFrameAggregator(most));
      if (handshakeTimeout != null) {
        handshakeTimeout.cancel();
        handshakeTimeout = null;
      }
      listener.onOpen();
    }

    private FullHttpResponse whole(HttpResponse head) {
      return new DefaultFullHttpResponse(
          head.protocolVersion(),
          head.status(),
          Unpooled.EMPTY_BUFFER,
          head.headers(),
          new DefaultHttpHeaders());
    }

    private void onFrame(ChannelHandlerContext context, WebSocketFrame frame) {
      if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
        listener.onMessage(ByteBufUtil.getBytes(frame.content()));
      } else if (frame instanceof PingWebSocketFrame) {
        listener.onSign();
        context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
      } else if (frame instanceof CloseWebSocketFrame close) {
        int code = close.statusCode();
        context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        end(failure(Kind.ENDED, "closed by the upstream with " + (code < 0 ? "no code" : code)));
      } else {
        listener.onSign();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (channel == null) {
        // Whoever connects tells how that ended.
        return;
      }
      end(
          handshaker.isHandshakeComplete()
              ? failure(Kind.ENDED, "the connection ended")
              : failure(Kind.UNREACHABLE, "closed before the upgrade"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (channel == null) {
        return;
      }
      if (cause instanceof DecoderException) {
        String kind = cause.getClass().getSimpleName();
        end(failure(Kind.MALFORMED, "sends what cannot be taken (" + kind + ")"));
      } else {
        Kind kind = handshaker.isHandshakeComplete() ? Kind.ENDED : Kind.UNREACHABLE;
        end(failure(kind, "the connection broke (" + cause.getClass().getSimpleName() + ")"));
      }
    }
  }
}
