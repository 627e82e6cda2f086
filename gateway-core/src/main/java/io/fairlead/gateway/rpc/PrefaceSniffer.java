package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;

/**
 * Tells by a connection's first bytes whether the client speaks HTTP/2, which it then does without
 * asking first; and is gone.
 *
 * <p>No request of HTTP/1.1 that is served begins like the preface ({@code POST}, {@code GET} and
 * {@code OPTIONS} differ by the second byte), so that its first read passes after one comparison
 * and all further ones without.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 9113, sections 3.3 and
 * 3.4.
 */
final class PrefaceSniffer extends ByteToMessageDecoder {
  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

  private final RpcConnection connection;

  /**
   * In front of the handlers of HTTP/1.1.
   *
   * @param connection the last of them, which gives way to HTTP/2
   */
  PrefaceSniffer(RpcConnection connection) {
    this.connection = connection;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int whole = PREFACE.readableBytes();
    int known = Math.min(whole, in.readableBytes());
    if (!ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, known)) {
      ctx.pipeline().remove(this);
    } else if (known == whole) {
      connection.giveWayToHttp2(ctx.pipeline());
      ctx.pipeline().remove(this);
    }
  }
}
