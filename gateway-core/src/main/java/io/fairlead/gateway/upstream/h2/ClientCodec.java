package io.fairlead.gateway.upstream.h2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Netty's codec of one connection, put together for a client: all streams alike, no pushes, the
 * connection's window always open.
 *
 * @param decoder reads
 * @param encoder writes
 * @param heads knows the heads that are written
 * @param frames collects what is written
 * @param flood counts what is read
 */
record ClientCodec(
    Http2ConnectionDecoder decoder,
    Http2ConnectionEncoder encoder,
    HeadEncoder heads,
    FrameBatch frames,
    FloodGuard flood) {
  static final int INITIAL_WINDOW_BYTES = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

  private static final float WINDOW_UPDATE_RATIO = 0.5f;

  static ClientCodec of(RequestTemplate template) {
    DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection
        .local()
        .flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_UPDATE_RATIO, true));
    HeadEncoder heads = new HeadEncoder(template);
    FrameBatch frames = new FrameBatch(heads);
    FloodGuard flood = new FloodGuard();
    Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, frames);
    Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(connection, encoder, flood);
    return new ClientCodec(decoder, encoder, heads, frames, flood);
  }

  static Http2Settings settings() {
    return new Http2Settings()
        .pushEnabled(false)
        .maxConcurrentStreams(0)
        .initialWindowSize(SharedConnection.STREAM_WINDOW_BYTES)
        .maxHeaderListSize(SharedConnection.MAX_HEADER_BYTES);
  }
}
