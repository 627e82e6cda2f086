package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the codec of a client's connection, which ends when the client goes on with a stream that
 * both sides have ended, or begins one below another, and says STREAM_CLOSED when it goes on with
 * one that it has ended itself.
 *
 * <p>Netty's own resets the stream instead, as it does not remember how streams ended: what comes
 * for one that we have reset may have been sent before the client knew. So the last {@value
 * #REMEMBERED} of those are remembered here, and all others are the client's mistake. A head behind
 * the end of a request Netty takes for bad trailers, and says PROTOCOL_ERROR.
 *
 * <p>Thread-safety: what it makes is confined to the connection's event loop. Source: RFC 9113,
 * sections 5.1 and 5.1.1.
 */
final class StrictCodecBuilder extends Http2FrameCodecBuilder {
  private static final int REMEMBERED = 400;

  /** For a server, with the defaults of Netty's builder for servers. */
  StrictCodecBuilder() {
    server(true);
    gracefulShutdownTimeoutMillis(0);
  }

  @Override
  protected Http2FrameCodec build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    return super.build(new StrictDecoder(decoder), encoder, settings);
  }

  private static final class StrictDecoder extends DecoratingHttp2ConnectionDecoder {
    private final Set<Integer> reset = new LinkedHashSet<>();
    private final Http2Connection.PropertyKey begun;

    StrictDecoder(Http2ConnectionDecoder decoder) {
      super(decoder);
      begun = decoder.connection().newKey();
      decoder
          .connection()
          .addListener(
              new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                  if (stream.isResetSent()) {
                    remember(stream.id());
                  }
                }
              });
    }

    private void remember(int stream) {
      reset.add(stream);
      if (reset.size() > REMEMBERED) {
        reset.remove(reset.iterator().next());
      }
    }

    /** Streams are marked when their head was passed on. */
    @Override
    public void frameListener(Http2FrameListener listener) {
      super.frameListener(
          new Http2FrameListenerDecorator(listener) {
            @Override
            public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream)
                throws Http2Exception {
              mark(connection().stream(streamId));
              super.onHeadersRead(
                  ctx,
                  streamId,
                  headers,
                  streamDependency,
                  weight,
                  exclusive,
                  padding,
                  endOfStream);
            }

            @Override
            public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int padding,
                boolean endOfStream)
                throws Http2Exception {
              mark(connection().stream(streamId));
              super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
            }
          });
    }

    private void mark(@Nullable Http2Stream stream) {
      if (stream != null) {
        stream.setProperty(begun, true);
      }
    }

    private boolean hasEnded(@Nullable Http2Stream stream) {
      return stream != null
          && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
          && stream.getProperty(begun) != null;
    }

    @Override
    public void decodeFrame(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
        throws Http2Exception {
      try {
        super.decodeFrame(ctx, in, out);
      } catch (Http2Exception.StreamException e) {
        int stream = e.streamId();
        boolean isOver = connection().stream(stream) == null && !reset.contains(stream);
        if (e.error() == Http2Error.STREAM_CLOSED && isOver) {
          throw Http2Exception.connectionError(
              Http2Error.STREAM_CLOSED, e, "stream %d is over", stream);
        }
        if (e.error() == Http2Error.PROTOCOL_ERROR && hasEnded(connection().stream(stream))) {
          throw Http2Exception.streamError(
              stream, Http2Error.STREAM_CLOSED, e, "stream %d: the client has ended it", stream);
        }
        throw e;
      }
    }
  }
}
