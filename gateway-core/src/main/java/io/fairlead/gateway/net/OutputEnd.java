package io.fairlead.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The end of what this side writes on a connection, while the other side may still be read. */
public final class OutputEnd {
  private OutputEnd() {}

  /**
   * Tells the other side that nothing more comes, behind all that was written: with TLS by its
   * close_notify, without which what came might have been cut off (RFC 8446, section 6.1).
   *
   * @param channel in whose loop the caller is
   */
  @SuppressWarnings("FutureReturnValueIgnored") // if the end cannot be told, the channel is closed
  public static void tell(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutDown(channel);
    } else {
      tls.closeOutbound().addListener(done -> shutDown(channel));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // as above
  private static void shutDown(Channel channel) {
    if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
      duplex.shutdownOutput();
    }
  }
}
