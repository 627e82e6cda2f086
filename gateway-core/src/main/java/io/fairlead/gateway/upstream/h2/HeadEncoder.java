package io.fairlead.gateway.upstream.h2;

import io.fairlead.gateway.upstream.h2.RequestTemplate.Table;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * Writes the heads of one connection from the upstream's template, and follows what the server says
 * of its table.
 *
 * <p>Thread-safety: loop-confined.
 */
final class HeadEncoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
  /** "Literal field without indexing", and its name: entry 28 of the static table. */
  private static final int CONTENT_LENGTH = 0x0f0d;

  private static final int CONTENT_LENGTH_BYTES = 2 + 1 + 10;

  private final RequestTemplate template;
  private Table table = Table.EMPTY;
  private int contentLength;

  HeadEncoder(RequestTemplate template) {
    this.template = template;
  }

  /** Says how long the body behind the next head is. */
  void setContentLength(int bytes) {
    contentLength = bytes;
  }

  int longestBytes() {
    return template.longestBytes() + CONTENT_LENGTH_BYTES;
  }

  /** Writes the next head; the fields are always the template's, whatever is given. */
  @Override
  public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf out) {
    out.writeBytes(template.block(table));
    String digits = Integer.toString(contentLength);
    out.writeShort(CONTENT_LENGTH);
    out.writeByte(digits.length());
    ByteBufUtil.writeAscii(out, digits);
    table = table == Table.EMPTY || table == Table.FILLED ? Table.FILLED : Table.NONE;
  }

  @Override
  public Configuration configuration() {
    return this;
  }

  @Override
  public void maxHeaderTableSize(long max) {
    boolean isUsed = table == Table.EMPTY || table == Table.FILLED;
    if (isUsed && max < Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
      table = Table.UNWANTED;
    }
  }

  @Override
  public long maxHeaderTableSize() {
    return Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;
  }

  /** Our heads are what they are; a server that they are too long for says so itself. */
  @Override
  public void maxHeaderListSize(long max) {}

  @Override
  public long maxHeaderListSize() {
    return Http2CodecUtil.MAX_HEADER_LIST_SIZE;
  }
}
