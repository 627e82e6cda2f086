package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.DroppedTrailers;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Netty's response decoder, strict, and with an eye on bytes nobody asked for.
 *
 * <p>Thread-safety: loop-confined, one per connection.
 */
final class AnswerDecoder extends HttpResponseDecoder {
  static final int MAX_STATUS_LINE_BYTES = 8 * 1024;
  static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Larger than any read, so that a read is passed on as one chunk. */
  private static final int MAX_CHUNK_BYTES = 256 * 1024;

  private final Connection connection;

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
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length with Transfer-Encoding");
  }

  /** Whether bytes behind the last decoded message wait. */
  boolean hasUndecodedBytes() {
    return actualReadableBytes() > 0;
  }
}
