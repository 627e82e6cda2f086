package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.List;

/**
 * Netty's decoder with the limits of the rpc port, and without the leniency that lets a request
 * mean one thing here and another to the next hop.
 *
 * <p>Deviation: a folded header line is read as one line with a space, as RFC 9112, section 5.2
 * allows; nothing of it is passed on.
 *
 * <p>Source: RFC 9112, sections 3, 3.2, 6.1 and 11.2 (request smuggling).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int LINE_BYTES = 8 * 1024;
  private static final int HEADER_BYTES = 32 * 1024;
  private static final int CHUNK_BYTES = 256 * 1024;

  StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int before = out.size();
    super.decode(ctx, in, out);
    if (out.size() > before && out.get(before) instanceof HttpRequest request) {
      checkVersion(request);
      checkHost(request);
    }
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
    checkSingleSpaceBefore(line, start);
    return super.splitSecondWordInitialLine(line, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
    checkSingleSpaceBefore(line, start);
    return super.splitThirdWordInitialLine(line, start, length);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }

  private static void checkSingleSpaceBefore(byte[] line, int start) {
    if (start < 2 || line[start - 1] != ' ' || line[start - 2] <= ' ') {
      throw new IllegalArgumentException("request line: not three words with one space between");
    }
  }

  private static void checkVersion(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      request.setDecoderResult(
          DecoderResult.failure(
              new IllegalArgumentException(version + " (expected: HTTP/1.1 or HTTP/1.0)")));
    }
  }

  private static void checkHost(HttpRequest request) {
    Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
    boolean isThere = hosts.hasNext();
    if (isThere) {
      hosts.next();
    }
    boolean isOwed = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (hosts.hasNext() || (isOwed && !isThere && request.decoderResult().isSuccess())) {
      request.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("Host: missing or repeated")));
    }
  }
}
