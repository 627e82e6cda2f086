package io.fairlead.gateway.upstream.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads and small bodies behind each other into one buffer, which goes to the socket in one
 * piece, so that the calls of one turn of the loop are one write and one TLS record. Everything
 * else is Netty's, and whatever waits in the buffer goes before it.
 *
 * <p>What is put into the buffer counts as written: if it does not reach the socket the connection
 * ends, and with it all streams.
 *
 * <p>Thread-safety: loop-confined. Ownership: copies what is small and releases it.
 */
final class FrameBatch extends DefaultHttp2FrameWriter {
  /** A body of more bytes goes out on its own. */
  static final int SMALL_BODY_BYTES = 8 * 1024;

  /** What fits into a TLS record. */
  private static final int BATCH_BYTES = 16 * 1024;

  private static final int FIRST_BYTES = 2 * 1024;

  private final HeadEncoder heads;
  private @Nullable ByteBuf batch;
  private boolean unflushed;

  FrameBatch(HeadEncoder heads) {
    super(heads);
    this.heads = heads;
  }

  /** Passes on what waits; whether anything was written since it was last asked. */
  boolean ship(ChannelHandlerContext ctx) {
    ByteBuf waiting = batch;
    if (waiting != null) {
      batch = null;
      ctx.write(waiting, ctx.voidPromise());
    }
    boolean any = unflushed;
    unflushed = false;
    return any;
  }

  private void shipBefore(ChannelHandlerContext ctx) {
    ship(ctx);
    unflushed = true;
  }

  private ByteBuf room(ChannelHandlerContext ctx, int bytes) {
    ByteBuf current = batch;
    if (current != null && current.readableBytes() + bytes > BATCH_BYTES) {
      ship(ctx);
      current = null;
    }
    if (current == null) {
      current = ctx.alloc().directBuffer(Math.max(FIRST_BYTES, bytes));
      batch = current;
    }
    unflushed = true;
    return current.ensureWritable(bytes);
  }

  @Override
  public ChannelFuture writeHeaders(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    int most = heads.longestBytes();
    if (most > maxFrameSize()) {
      shipBefore(ctx);
      return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }
    ByteBuf out = room(ctx, Http2CodecUtil.FRAME_HEADER_LENGTH + most);
    int start = out.writerIndex();
    writeFrameHead(out, Http2FrameTypes.HEADERS, endStream ? 0x5 : 0x4, streamId);
    heads.encodeHeaders(streamId, headers, out);
    setLength(out, start);
    return promise.setSuccess();
  }

  @Override
  public ChannelFuture writeData(
      ChannelHandlerContext ctx,
      int streamId,
      ByteBuf data,
      int padding,
      boolean endStream,
      ChannelPromise promise) {
    int length = data.readableBytes();
    if (padding > 0 || length > SMALL_BODY_BYTES) {
      shipBefore(ctx);
      return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }
    ByteBuf out = room(ctx, Http2CodecUtil.FRAME_HEADER_LENGTH + length);
    int start = out.writerIndex();
    writeFrameHead(out, Http2FrameTypes.DATA, endStream ? 0x1 : 0, streamId);
    out.writeBytes(data);
    data.release();
    setLength(out, start);
    return promise.setSuccess();
  }

  private static void writeFrameHead(ByteBuf out, byte type, int flags, int streamId) {
    out.writeMedium(0).writeByte(type).writeByte(flags).writeInt(streamId);
  }

  private static void setLength(ByteBuf out, int start) {
    out.setMedium(start, out.writerIndex() - start - Http2CodecUtil.FRAME_HEADER_LENGTH);
  }

  @Override
  public ChannelFuture writeRstStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    shipBefore(ctx);
    return super.writeRstStream(ctx, streamId, errorCode, promise);
  }

  @Override
  public ChannelFuture writeSettings(
      ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
    shipBefore(ctx);
    return super.writeSettings(ctx, settings, promise);
  }

  @Override
  public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
    shipBefore(ctx);
    return super.writeSettingsAck(ctx, promise);
  }

  @Override
  public ChannelFuture writePing(
      ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
    shipBefore(ctx);
    return super.writePing(ctx, ack, data, promise);
  }

  @Override
  public ChannelFuture writeGoAway(
      ChannelHandlerContext ctx,
      int lastStreamId,
      long errorCode,
      ByteBuf debugData,
      ChannelPromise promise) {
    shipBefore(ctx);
    return super.writeGoAway(ctx, lastStreamId, errorCode, debugData, promise);
  }

  @Override
  public ChannelFuture writeWindowUpdate(
      ChannelHandlerContext ctx, int streamId, int increment, ChannelPromise promise) {
    shipBefore(ctx);
    return super.writeWindowUpdate(ctx, streamId, increment, promise);
  }

  @Override
  public void close() {
    ByteBuf waiting = batch;
    batch = null;
    if (waiting != null) {
      waiting.release();
    }
    super.close();
  }
}
