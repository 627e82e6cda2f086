package io.fairlead.gateway.rpc;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of a connection, or of a stream of one, is.
 *
 * <p>Thread-safety: stateless.
 */
final class ClientAddress {
  private ClientAddress() {}

  /** The address that stands for a client without a key. */
  static InetAddress of(Channel channel) {
    InetAddress address = find(channel);
    return address == null ? InetAddress.getLoopbackAddress() : address;
  }

  /** The address; null for a connection that has none. */
  static @Nullable InetAddress find(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
  }
}
