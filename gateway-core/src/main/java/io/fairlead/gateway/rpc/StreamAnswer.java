package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.request.HeaderField;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Frames the answer on one HTTP/2 stream: a HEADERS frame and DATA frames, of which the last ends
 * our side.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 * Source: RFC 9113, section 8.1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
final class StreamAnswer implements Answer {
  private static final AsciiString EXPOSED = AsciiString.cached(AnswerHead.EXPOSED);
  private static final AsciiString EXPOSED_EXPLAINED =
      AsciiString.cached(AnswerHead.EXPOSED_EXPLAINED);
  private static final AsciiString ANY = AsciiString.cached("*");
  private static final AsciiString UPSTREAM = AsciiString.cached("x-fairlead-upstream");
  private static final AsciiString ATTEMPTS = AsciiString.cached("x-fairlead-attempts");
  private static final AsciiString CACHE = AsciiString.cached("x-fairlead-cache");

  private final ChannelHandlerContext ctx;
  private final boolean debugHeaders;
  private boolean gzipAccepted;
  private List<HeaderField> further = List.of();
  private @Nullable GzipBody gzip;
  private @Nullable ChannelFuture written;
  private long givenBytes;

  StreamAnswer(ChannelHandlerContext ctx, boolean debugHeaders) {
    this.ctx = ctx;
    this.debugHeaders = debugHeaders;
  }

  /** Whether the client takes gzip. */
  void setGzipAccepted(boolean accepted) {
    gzipAccepted = accepted;
  }

  @Override
  public void addFields(List<HeaderField> fields) {
    further = fields;
  }

  /**
   * How much the client has taken of an answer, in whole pieces; only differences mean something,
   * and only while the stream is not writable.
   */
  long takenBytes() {
    return givenBytes - ctx.channel().bytesBeforeWritable();
  }

  ChannelHandlerContext context() {
    return ctx;
  }

  @Override
  public void whole(int status, ByteBuf body, @Nullable Call call, long retryAfterSeconds) {
    Http2Headers head = head(status, call);
    head.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    if (retryAfterSeconds > 0) {
      head.setLong(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
    }
    ByteBuf out = body;
    if (gzipAccepted && body.readableBytes() >= GZIP_FROM_BYTES) {
      out = newGzip(head).compress(body, true, ctx.alloc());
      release();
    }
    head.setInt(HttpHeaderNames.CONTENT_LENGTH, out.readableBytes());
    ctx.write(new DefaultHttp2HeadersFrame(head));
    written = ctx.writeAndFlush(new DefaultHttp2DataFrame(out, true));
  }

  @Override
  public void empty(int status) {
    Http2Headers head = head(status, null);
    if (status != 204) {
      head.setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
    written = ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
  }

  @Override
  public void start(@Nullable Call call, long lengthBytes) {
    Http2Headers head = head(200, call);
    head.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    if (gzipAccepted && (lengthBytes < 0 || lengthBytes >= GZIP_FROM_BYTES)) {
      newGzip(head);
    } else if (lengthBytes >= 0) {
      head.setLong(HttpHeaderNames.CONTENT_LENGTH, lengthBytes);
    }
    ctx.write(new DefaultHttp2HeadersFrame(head));
  }

  @Override
  public boolean chunk(ByteBuf piece) {
    ByteBuf out = gzip == null ? piece : gzip.compress(piece, false, ctx.alloc());
    givenBytes += out.readableBytes();
    if (out.isReadable()) {
      ctx.writeAndFlush(new DefaultHttp2DataFrame(out));
    } else {
      out.release();
    }
    return ctx.channel().isWritable();
  }

  @Override
  public void end() {
    ByteBuf rest = Unpooled.EMPTY_BUFFER;
    if (gzip != null) {
      rest = gzip.compress(Unpooled.EMPTY_BUFFER, true, ctx.alloc());
      release();
    }
    ctx.writeAndFlush(new DefaultHttp2DataFrame(rest, true));
  }

  /**
   * Tells the client that the rest of its request is not wanted, when it has the answer: a reset
   * overtakes DATA.
   */
  void endInput() {
    ChannelFuture last = written;
    if (last != null) {
      last.addListener(done -> ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
    }
  }

  @Override
  public void abort() {
    release();
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  /** Lets go of what the answer under way holds. */
  void release() {
    GzipBody present = gzip;
    gzip = null;
    if (present != null) {
      present.close();
    }
  }

  private Http2Headers head(int status, @Nullable Call call) {
    Http2Headers head = new DefaultHttp2Headers(false);
    head.status(HttpResponseStatus.valueOf(status).codeAsText());
    head.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    String decision = call == null ? null : call.decision();
    boolean explains = decision != null && debugHeaders;
    head.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, explains ? EXPOSED_EXPLAINED : EXPOSED);
    if (call != null && debugHeaders) {
      tellOf(call, head);
    }
    if (decision != null) {
      head.set(EXPLAIN, decision);
    }
    further.forEach(field -> head.set(field.name().toLowerCase(Locale.ROOT), field.value()));
    further = List.of();
    return head;
  }

  private static void tellOf(Call call, Http2Headers head) {
    String upstream = call.answeredBy();
    if (upstream != null) {
      head.set(UPSTREAM, upstream);
    }
    head.setInt(ATTEMPTS, call.attempts());
    head.set(CACHE, call.cacheUse().label());
  }

  private GzipBody newGzip(Http2Headers head) {
    head.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
    head.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    GzipBody created = new GzipBody();
    gzip = created;
    return created;
  }
}
