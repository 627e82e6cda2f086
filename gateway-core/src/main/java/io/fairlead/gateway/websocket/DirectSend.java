package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands bytes to a connection's socket without Netty's outbound buffer.
 *
 * <p><b>Idea.</b> A notification for ten thousand connections is one byte string. Through the
 * pipeline each connection costs an entry of the outbound buffer, a duplicate of the string, a
 * place in the list of what is to be flushed and a second visit to flush it, by when the first
 * visit's memory is no longer near. While nothing waits for the client to read it, the string can
 * as well be sent from where it lies: one call into the kernel and nothing else.
 *
 * <p><b>Order.</b> It is only for a connection whose outbound buffer is empty, flushed or not; what
 * the kernel does not take goes through the buffer, and whatever follows then waits behind it. An
 * error is left for Netty to find at the same socket.
 *
 * <p><b>Deviation.</b> Handlers of the pipeline do not see these bytes. So it is only for pipelines
 * with no handler on the way out: TLS is one. Streams of HTTP/2, and transports other than epoll,
 * have no such socket. All these are served through the pipeline.
 *
 * <p>Cost and gain: docs/decisions/0009-cost-of-a-notification.md. Thread-safety: to be called on
 * the channel's event loop.
 */
final class DirectSend {
  private DirectSend() {}

  /**
   * The socket of its channel, null if there is none or if bytes that the handler writes are
   * changed on their way to it.
   */
  static @Nullable Socket socketOf(ChannelHandlerContext ctx) {
    return ctx.channel() instanceof EpollSocketChannel channel
            && channel.fd() instanceof Socket socket
            && isFreeOutwards(ctx)
        ? socket
        : null;
  }

  private static boolean isFreeOutwards(ChannelHandlerContext ctx) {
    for (Map.Entry<String, ChannelHandler> each : ctx.pipeline()) {
      if (each.getValue() == ctx.handler()) {
        return true;
      }
      if (each.getValue() instanceof ChannelOutboundHandler) {
        return false;
      }
    }
    return false;
  }

  /**
   * Sends as much as the kernel takes at once, if nothing waits before it. A channel that is closed
   * has no outbound buffer any more; its socket's number may be another connection's by then.
   *
   * @param channel whose socket it is
   * @param bytes lent, outside the heap; indexes are not moved
   * @return how many bytes were taken, 0 after an error
   */
  static int trySend(Channel channel, Socket socket, ByteBuf bytes) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    if (outbound == null || outbound.totalPendingWriteBytes() > 0) {
      return 0;
    }
    try {
      return Math.max(
          0, socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()));
    } catch (IOException e) {
      return 0;
    }
  }
}
