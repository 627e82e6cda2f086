package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes an HTTP/2 stream look like a connection of its own: DATA is bytes, END_STREAM the end of
 * either side's.
 *
 * <p>A close ends our side with END_STREAM and waits for the client's; a second close, which comes
 * of a client that does not end its own, resets the stream. Back-pressure needs nothing here: a
 * stream that is not read gives its window no room, and what the client's window does not let out
 * makes the stream unwritable.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 * Source: RFC 8441, section 5.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class StreamBytes extends ChannelDuplexHandler {
  private boolean inputEnded;
  private boolean outputEnded;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    boolean last = false;
    if (frame instanceof Http2DataFrame data) {
      last = data.isEndStream();
      ctx.fireChannelRead(data.content());
    } else {
      last = frame instanceof Http2HeadersFrame trailers && trailers.isEndStream();
      ReferenceCountUtil.release(frame);
    }
    if (last) {
      inputEnded = true;
      close(ctx, ctx.newPromise());
    }
  }

  /** A stream that the client has reset ends also while it is not read. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame) {
      outputEnded = true;
      ctx.executor().execute(ctx::close);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
    ctx.write(new DefaultHttp2DataFrame((ByteBuf) bytes), promise);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (outputEnded) {
      ctx.close(promise);
      return;
    }
    outputEnded = true;
    ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true))
        .addListener(
            done -> {
              if (inputEnded) {
                ctx.close();
              }
            });
  }

  /** A violation of HTTP/2 resets the stream behind this, with the code that it has. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof Http2Exception)) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
