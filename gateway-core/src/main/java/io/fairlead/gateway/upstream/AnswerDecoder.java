package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.DroppedTrailers;
import io.fairlead.gateway.net.FixedBody;
import io.fairlead.gateway.net.RepeatedHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Netty's response decoder, strict, and with an eye on bytes nobody asked for.
 *
 * <p>A head that is byte for byte the one before is not read again ({@link RepeatedHead}).
 *
 * <p>Thread-safety: loop-confined, one per connection.
 */
final class AnswerDecoder extends HttpResponseDecoder {
  static final int MAX_STATUS_LINE_BYTES = 8 * 1024;
  static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Larger than any read, so that a read is passed on as one chunk. */
  private static final int MAX_CHUNK_BYTES = 256 * 1024;

  private final Connection connection;
  private final RepeatedHead<HttpResponse> repeated = new RepeatedHead<>();
  private final FixedBody fixed = new FixedBody(MAX_CHUNK_BYTES);
  private Part part = Part.HEAD;

  /** Where the answer's next byte belongs. */
  private enum Part {
    /** At the beginning of a head. */
    HEAD,
    /** To an answer that Netty's decoder has begun. */
    WITHIN,
    /** To the body behind a head that was known. */
    FIXED
  }

  AnswerDecoder(Connection connection) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_STATUS_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setTrailersFactory(DroppedTrailers.FACTORY)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (connection.onBytes()) {
      super.channelRead(ctx, msg);
    } else {
      ReferenceCountUtil.release(msg);
      ctx.close();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    switch (part) {
      case HEAD -> decodeHead(ctx, in, out);
      case WITHIN -> decodeWithin(ctx, in, out);
      case FIXED -> {
        fixed.decode(in, out);
        part = fixed.isUnderWay() ? Part.FIXED : Part.HEAD;
      }
    }
  }

  private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    HttpResponse known = repeated.take(in);
    if (known != null) {
      out.add(known);
      fixed.begin(repeated.contentLength());
      part = Part.FIXED;
      return;
    }
    int before = out.size();
    int start = in.readerIndex();
    part = Part.WITHIN;
    decodeWithin(ctx, in, out);
    if (part == Part.WITHIN
        && out.size() == before + 1
        && out.get(before) instanceof HttpResponse response
        && response.decoderResult().isSuccess()
        && response.status().equals(HttpResponseStatus.OK)) {
      repeated.keep(in, start, in.readerIndex(), response, lengthOf(response));
    }
  }

  private static long lengthOf(HttpResponse response) {
    return HttpUtil.isTransferEncodingChunked(response)
        ? -1
        : HttpUtil.getContentLength(response, -1L);
  }

  private void decodeWithin(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    int before = out.size();
    super.decode(ctx, in, out);
    if (out.size() > before && out.get(out.size() - 1) instanceof LastHttpContent) {
      part = Part.HEAD;
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length with Transfer-Encoding");
  }

  /** Whether bytes behind the last decoded message wait. */
  boolean hasUndecodedBytes() {
    return actualReadableBytes() > 0;
  }
}
