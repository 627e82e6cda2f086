package io.fairlead.gateway.upstream.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames, and counts those that bring no part of an answer: SETTINGS, PING, WINDOW_UPDATE,
 * RST_STREAM, PRIORITY, unknown ones, empty DATA, and what comes for streams that are over.
 *
 * <p>A server has a credit of {@value #CREDIT} such frames, which is made whole again about once a
 * second, and some more for each request and each stream that we reset. Who spends more is flooding
 * us and loses the connection. CONTINUATION frames and the bytes of a head are bounded beneath.
 *
 * <p>Thread-safety: loop-confined.
 */
final class FloodGuard extends DefaultHttp2FrameReader {
  static final int CREDIT = 1_000;

  private static final int MOST_CREDIT = 1_000_000;
  private static final int SMALL_CONTINUATIONS = 16;
  private static final int CREDIT_PER_REQUEST = 8;
  private static final int BYTES_PER_CREDIT = 4 * 1024;
  private static final int CREDIT_PER_RESET = 256;

  private int credit = CREDIT;
  private @Nullable Counting counting;

  FloodGuard() {
    super(
        new DefaultHttp2HeadersDecoder(true, true, SharedConnection.MAX_HEADER_BYTES),
        SMALL_CONTINUATIONS);
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf in, Http2FrameListener listener)
      throws Http2Exception {
    Counting current = counting;
    if (current == null || current.target() != listener) {
      current = new Counting(this, listener);
      counting = current;
    }
    super.readFrame(ctx, in, current);
  }

  /** Makes the credit whole; to be called about once a second. */
  void refill() {
    credit = Math.max(credit, CREDIT);
  }

  /** A request was sent, which may be followed by updates of the windows. */
  void onRequest(int bodyBytes) {
    earn(CREDIT_PER_REQUEST + bodyBytes / BYTES_PER_CREDIT);
  }

  /** A stream was reset, of which more may be on its way. */
  void onReset() {
    earn(CREDIT_PER_RESET);
  }

  private void earn(int frames) {
    credit = Math.min(MOST_CREDIT, credit + frames);
  }

  /**
   * A frame came that brings nothing.
   *
   * @throws Http2Exception for the whole connection, if there were too many
   */
  void onIdleFrame() throws Http2Exception {
    if (--credit < 0) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many idle frames");
    }
  }

  /** Counts and passes on. */
  private static final class Counting extends Http2FrameListenerDecorator {
    private final FloodGuard guard;

    Counting(FloodGuard guard, Http2FrameListener listener) {
      super(listener);
      this.guard = guard;
    }

    Http2FrameListener target() {
      return listener;
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      if (!data.isReadable() && !endOfStream) {
        guard.onIdleFrame();
      }
      return super.onDataRead(ctx, streamId, data, padding, endOfStream);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      guard.onIdleFrame();
      super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
        throws Http2Exception {
      guard.onIdleFrame();
      super.onRstStreamRead(ctx, streamId, errorCode);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
      guard.onIdleFrame();
      super.onSettingsAckRead(ctx);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      guard.onIdleFrame();
      super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      guard.onIdleFrame();
      super.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      guard.onIdleFrame();
      super.onPingAckRead(ctx, data);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
        throws Http2Exception {
      guard.onIdleFrame();
      super.onWindowUpdateRead(ctx, streamId, increment);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      guard.onIdleFrame();
      super.onUnknownFrame(ctx, type, streamId, flags, payload);
    }
  }
}
