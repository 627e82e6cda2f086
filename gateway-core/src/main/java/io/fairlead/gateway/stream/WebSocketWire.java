package io.fairlead.gateway.stream;

import io.fairlead.gateway.upstream.socket.SocketUpgrades;
import io.fairlead.gateway.upstream.socket.Upgrade;
import io.fairlead.gateway.upstream.socket.UpgradeListener;
import io.fairlead.gateway.upstream.socket.Upgrades;
import io.fairlead.gateway.upstream.socket.WireFailure;
import io.fairlead.gateway.upstream.socket.WireFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection, on its way or open: whole messages, end.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class WebSocketWire implements Wire, UpgradeListener {
  private final WireListener listener;
  private final String host;
  private @Nullable Upgrade upgrade;
  private @Nullable Channel channel;
  private boolean isEnded;

  WebSocketWire(WireListener listener, String host) {
    this.listener = listener;
    this.host = host;
  }

  /** Begins to connect. */
  void begin(Upgrades upgrades) {
    upgrade = upgrades.begin(this);
  }

  @Override
  public void onUpgraded(Channel open) {
    channel = open;
    open.pipeline()
        .addLast(new WebSocketFrameAggregator(SocketUpgrades.MAX_MESSAGE_BYTES))
        .addLast(new Handler());
    listener.onOpen();
  }

  @Override
  public void onFailed(WireFailure failure) {
    end(failure);
  }

  private WireFailure failure(Kind kind, String text) {
    return WireFailure.of(kind, host + ": " + text);
  }

  /** Ends it and says so, once. */
  private void end(WireFailure failure) {
    if (!isEnded) {
      shut();
      listener.onEnd(failure);
    }
  }

  private void shut() {
    isEnded = true;
    if (channel != null) {
      channel.close();
    } else if (upgrade != null) {
      upgrade.cancel();
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
    if (channel != null) {
      // What the kernel takes goes out with the close behind it; a frozen peer is not waited for.
      channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }
    shut();
  }

  /** Reads what comes. */
  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
      try {
        if (!isEnded && msg instanceof WebSocketFrame frame) {
          onFrame(context, frame);
        }
      } finally {
        ReferenceCountUtil.release(msg);
      }
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
      end(failure(Kind.ENDED, "the connection ended"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      String sort = cause.getClass().getSimpleName();
      end(
          cause instanceof DecoderException
              ? failure(Kind.MALFORMED, "sends what cannot be taken (" + sort + ")")
              : failure(Kind.ENDED, "the connection broke (" + sort + ")"));
    }
  }
}
