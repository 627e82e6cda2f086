package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ServingPlan.HttpLimits;
import io.fairlead.gateway.net.DroppedTrailers;
import io.fairlead.gateway.net.FixedBody;
import io.fairlead.gateway.net.RepeatedHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder with the limits of the rpc port, and without the leniency that lets a request
 * mean one thing here and another to the next hop: {@link HeadGuard} looks at each head before it,
 * {@link RequestRules} behind it, and chunked bodies are taken apart by {@link ChunkedBody}.
 *
 * <p>After what is not allowed comes nothing more: an object with a failed result, and whatever
 * still arrives is dropped.
 *
 * <p>A head that is byte for byte the one before is not read again ({@link RepeatedHead}).
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 9112, sections 3, 5, 6, 7
 * and 11.2 (request smuggling).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int CHUNK_BYTES = 256 * 1024;

  private final HeadGuard guard;
  private final RepeatedHead<HttpRequest> repeated = new RepeatedHead<>();
  private final FixedBody fixed = new FixedBody(CHUNK_BYTES);
  private Part part = Part.HEAD;
  private @Nullable ChunkedBody chunks;
  private int requests;

  /**
   * Whether part of a head was looked at already, so that what is here may not be its beginning.
   */
  private boolean comesInPieces;

  StrictRequestDecoder(HttpLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.lineBytes())
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(CHUNK_BYTES)
            .setTrailersFactory(DroppedTrailers.FACTORY)
            .setAllowDuplicateContentLengths(false));
    guard = new HeadGuard(limits.fields());
  }

  private enum Part {
    HEAD,
    BODY,
    FIXED,
    CHUNKS,
    BROKEN
  }

  /** How many requests have come to an end; tells one unfinished head from another. */
  int requests() {
    return requests;
  }

  /** Whether a part of a head is here, and not the whole. */
  boolean isWithinHead() {
    return part == Part.HEAD && guard.hasBegun(internalBuffer());
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int before = out.size();
    try {
      switch (part) {
        case HEAD -> decodeHead(ctx, in, out);
        case BODY -> {
          super.decode(ctx, in, out);
          onDecoded(out, before);
        }
        case FIXED -> decodeFixed(in, out);
        case CHUNKS -> decodeChunks(in, out);
        case BROKEN -> in.skipBytes(in.readableBytes());
      }
    } catch (IllegalArgumentException | TooLongFrameException e) {
      fail(in, out, e);
    }
  }

  private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    HttpRequest known = comesInPieces ? null : repeated.take(in);
    if (known != null) {
      out.add(known);
      fixed.begin(repeated.contentLength());
      part = Part.FIXED;
      return;
    }
    int before = out.size();
    int start = in.readerIndex();
    if (guard.check(in)) {
      super.decode(ctx, in, out);
      onDecoded(out, before);
    }
    if (out.size() == before) {
      comesInPieces = true;
    } else if (!comesInPieces
        && part == Part.BODY
        && out.get(before) instanceof HttpRequest request) {
      remember(in, start, request);
    }
  }

  /** Keeps a head that was read in one piece, unless it asks for more than an answer. */
  private void remember(ByteBuf in, int start, HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!headers.contains(HttpHeaderNames.UPGRADE) && !headers.contains(HttpHeaderNames.EXPECT)) {
      long length = HttpUtil.getContentLength(request, 0L);
      repeated.keep(in, start, in.readerIndex(), request, length);
    }
  }

  private void decodeFixed(ByteBuf in, List<Object> out) {
    fixed.decode(in, out);
    if (!fixed.isUnderWay()) {
      onEnd();
    }
  }

  private void onDecoded(List<Object> out, int before) {
    for (int i = before; i < out.size(); i++) {
      HttpObject object = (HttpObject) out.get(i);
      if (object.decoderResult().isFailure()) {
        part = Part.BROKEN;
        return;
      }
      if (object instanceof HttpRequest request) {
        onHead(request);
      }
      if (object instanceof LastHttpContent && part != Part.BROKEN) {
        onEnd();
      }
    }
  }

  private void onHead(HttpRequest request) {
    String amiss = RequestRules.amissIn(request);
    if (amiss != null) {
      part = Part.BROKEN;
      request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(amiss)));
    } else if (HttpUtil.isTransferEncodingChunked(request)) {
      part = Part.CHUNKS;
      chunks = new ChunkedBody();
    } else {
      part = Part.BODY;
    }
  }

  private void onEnd() {
    part = Part.HEAD;
    comesInPieces = false;
    requests++;
    guard.reset();
  }

  private void decodeChunks(ByteBuf in, List<Object> out) {
    ChunkedBody body = chunks;
    if (body == null) {
      throw new IllegalStateException("no chunked body");
    }
    body.decode(in, out);
    if (body.isDone()) {
      chunks = null;
      reset();
      onEnd();
    }
  }

  private void fail(ByteBuf in, List<Object> out, Exception cause) {
    boolean inBody = part == Part.CHUNKS;
    part = Part.BROKEN;
    in.skipBytes(in.readableBytes());
    HttpObject failed =
        inBody
            ? new DefaultLastHttpContent()
            : new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/");
    failed.setDecoderResult(DecoderResult.failure(cause));
    out.add(failed);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }
}
