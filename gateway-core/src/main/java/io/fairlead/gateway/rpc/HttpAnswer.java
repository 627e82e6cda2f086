package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.request.HeaderField;
import io.fairlead.gateway.rpc.AnswerHead.ConnectionFate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames the answers of one connection, one after another, whole or in pieces.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
final class HttpAnswer implements Answer {
  /** A body of at most this many bytes is copied behind its head, so that one buffer is written. */
  private static final int COPY_BYTES = 2048;

  private static final int HEAD_BYTES = 512;

  private static final ByteBuf LAST_CHUNK =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(5).writeBytes(new byte[] {'0', '\r', '\n', '\r', '\n'}));

  private final ChannelHandlerContext ctx;
  private final boolean debugHeaders;
  private @Nullable GzipBody gzip;

  private boolean gzipAccepted;
  private boolean closes;
  private boolean lingers;
  private boolean http10;

  private List<HeaderField> further = List.of();
  private boolean chunked;
  private boolean compressing;

  HttpAnswer(ChannelHandlerContext ctx, boolean debugHeaders) {
    this.ctx = ctx;
    this.debugHeaders = debugHeaders;
  }

  /** Prepares for the answer to the next request. */
  void reset(boolean gzipAccepted, boolean http10, boolean closes) {
    this.gzipAccepted = gzipAccepted;
    this.http10 = http10;
    this.closes = closes;
    this.lingers = false;
  }

  ChannelHandlerContext context() {
    return ctx;
  }

  /**
   * The next answer says that the connection ends; the caller ends it once the client can see why.
   */
  void closeBeforeNext() {
    closes = true;
    lingers = true;
  }

  /** The connection is to end with this answer. */
  void closeAfterwards() {
    closes = true;
  }

  /** Whether the connection ends with the answer that was written last. */
  boolean closes() {
    return closes;
  }

  /** Whether the client is to be given time to see that answer. */
  boolean lingers() {
    return lingers;
  }

  @Override
  public void addFields(List<HeaderField> fields) {
    further = fields;
  }

  @Override
  public void whole(int status, ByteBuf body, @Nullable Call call, long retryAfterSeconds) {
    ByteBuf out = body;
    boolean zipped = gzipAccepted && body.readableBytes() >= GZIP_FROM_BYTES;
    if (zipped) {
      out = gzip().compress(body, true, ctx.alloc());
    }
    int length = out.readableBytes();
    boolean copied = length <= COPY_BYTES;
    ByteBuf head = ctx.alloc().ioBuffer(HEAD_BYTES + (copied ? length : 0));
    AnswerHead.status(head, status);
    AnswerHead.json(head);
    shared(head, call);
    if (retryAfterSeconds > 0) {
      AnswerHead.retryAfter(head, retryAfterSeconds);
    }
    AnswerHead.end(head, length, zipped, fate(true));
    if (copied) {
      head.writeBytes(out);
      out.release();
      finish(head);
    } else {
      ctx.write(head, ctx.voidPromise());
      finish(out);
    }
  }

  @Override
  public void empty(int status) {
    ByteBuf head = ctx.alloc().ioBuffer(HEAD_BYTES);
    AnswerHead.status(head, status);
    shared(head, null);
    ConnectionFate fate = fate(true);
    if (status == 204) {
      AnswerHead.endWithoutBody(head, fate);
    } else {
      AnswerHead.end(head, 0, false, fate);
    }
    finish(head);
  }

  /**
   * Agrees to go on with another protocol; nothing that follows is HTTP.
   *
   * @param fields of the answer
   */
  void switchProtocols(List<HeaderField> fields) {
    ByteBuf head = ctx.alloc().ioBuffer(HEAD_BYTES);
    AnswerHead.status(head, 101);
    fields.forEach(field -> AnswerHead.field(head, field.name(), field.value()));
    AnswerHead.endWithoutBody(head, ConnectionFate.STAYS);
    ctx.writeAndFlush(head, ctx.voidPromise());
  }

  @Override
  public void start(@Nullable Call call, long lengthBytes) {
    compressing = gzipAccepted && (lengthBytes < 0 || lengthBytes >= GZIP_FROM_BYTES);
    long length = compressing ? AnswerHead.CHUNKED : lengthBytes;
    chunked = length < 0 && !http10;
    ByteBuf head = ctx.alloc().ioBuffer(HEAD_BYTES);
    AnswerHead.status(head, 200);
    AnswerHead.json(head);
    shared(head, call);
    AnswerHead.end(head, length, compressing, fate(length >= 0));
    ctx.write(head, ctx.voidPromise());
  }

  @Override
  public boolean chunk(ByteBuf piece) {
    ByteBuf out = compressing ? gzip().compress(piece, false, ctx.alloc()) : piece;
    if (!out.isReadable()) {
      out.release();
      return ctx.channel().isWritable();
    }
    if (chunked) {
      ByteBuf size = ctx.alloc().ioBuffer(10);
      ByteBufUtil.writeAscii(size, Integer.toHexString(out.readableBytes()));
      size.writeShort('\r' << 8 | '\n');
      ctx.write(size, ctx.voidPromise());
      ctx.write(out, ctx.voidPromise());
      ctx.writeAndFlush(ctx.alloc().ioBuffer(2).writeShort('\r' << 8 | '\n'), ctx.voidPromise());
    } else {
      ctx.writeAndFlush(out, ctx.voidPromise());
    }
    return ctx.channel().isWritable();
  }

  @Override
  public void end() {
    if (compressing) {
      ByteBuf rest = gzip().compress(Unpooled.EMPTY_BUFFER, true, ctx.alloc());
      compressing = false;
      chunk(rest);
    }
    finish(chunked ? LAST_CHUNK.duplicate() : Unpooled.EMPTY_BUFFER);
  }

  /** Ends the connection. */
  @Override
  public void abort() {
    if (gzip != null) {
      gzip.reset();
    }
    ctx.close();
  }

  void release() {
    if (gzip != null) {
      gzip.close();
      gzip = null;
    }
  }

  private void shared(ByteBuf head, @Nullable Call call) {
    String decision = call == null ? null : call.decision();
    if (decision != null && debugHeaders) {
      AnswerHead.corsExplained(head);
    } else {
      AnswerHead.cors(head);
    }
    if (call != null && debugHeaders) {
      AnswerHead.call(head, call);
    }
    if (decision != null) {
      AnswerHead.field(head, "X-Fairlead-Explain", decision);
    }
    for (HeaderField field : further) {
      AnswerHead.field(head, field.name(), field.value());
    }
    further = List.of();
  }

  private ConnectionFate fate(boolean lengthKnown) {
    if (http10 && !lengthKnown) {
      closes = true;
      return ConnectionFate.DELIMITS;
    }
    if (closes) {
      return ConnectionFate.CLOSES;
    }
    return http10 ? ConnectionFate.STAYS_SAID : ConnectionFate.STAYS;
  }

  private void finish(ByteBuf last) {
    if (closes && !lingers) {
      ctx.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.writeAndFlush(last, ctx.voidPromise());
    }
  }

  private GzipBody gzip() {
    GzipBody present = gzip;
    if (present == null) {
      present = new GzipBody();
      gzip = present;
    }
    return present;
  }
}
