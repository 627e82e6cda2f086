package io.fairlead.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * What stands around TLS on an accepted connection: tells a client that speaks plain HTTP what it
 * did wrong, and tells the listener how the handshake ended.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
final class TlsDoor {
  private static final long LINGER_MILLIS = 1_000;

  private TlsDoor() {}

  /**
   * In front of TLS: looks at the first byte and is gone, unless it is a letter. TLS begins with a
   * handshake record, 22 (RFC 8446, section 5.1), each request of HTTP with its method.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection
  static final class Outer extends ChannelInboundHandlerAdapter {
    private final ServerTls.Watcher watcher;
    private boolean refused;

    Outer(ServerTls.Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (refused) {
        ReferenceCountUtil.release(message);
      } else if (message instanceof ByteBuf bytes && isLetter(bytes)) {
        bytes.release();
        refused = true;
        refuse(ctx);
      } else {
        ctx.fireChannelRead(message);
        ctx.pipeline().remove(this);
      }
    }

    private static boolean isLetter(ByteBuf bytes) {
      byte first = bytes.isReadable() ? bytes.getByte(bytes.readerIndex()) : 0;
      return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    }

    /** Past TLS, for this context stands in front of it. */
    private void refuse(ChannelHandlerContext ctx) {
      ctx.pipeline().remove(SslHandler.class);
      Channel channel = ctx.channel();
      ctx.writeAndFlush(watcher.onPlain(channel)).addListener(done -> OutputEnd.tell(channel));
      ctx.executor().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Behind TLS: hears how the handshake ends, and what is wrong with records later. */
  @SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nobody to tell
  static final class Inner extends ChannelInboundHandlerAdapter {
    private final ServerTls.Watcher watcher;

    Inner(ServerTls.Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent end) {
        if (end.isSuccess()) {
          SslHandler tls = ctx.pipeline().get(SslHandler.class);
          watcher.onHandshake(tls.engine().getSession().getProtocol());
        } else {
          watcher.onFailed(ctx.channel(), end.cause());
        }
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof SSLException
          || (cause instanceof DecoderException && cause.getCause() instanceof SSLException)) {
        ctx.close();
      } else {
        ctx.fireExceptionCaught(cause);
      }
    }
  }
}
