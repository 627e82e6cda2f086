package io.fairlead.gateway.rpc;

import io.fairlead.gateway.config.AddressBlock;
import io.fairlead.gateway.config.ListenConfig.Proxies;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of a connection, or of a request, is: the other end of the connection, unless
 * that is a proxy whose word on its own clients is taken.
 *
 * <p>Of the addresses in {@code X-Forwarded-For}, which each proxy adds its client to at the end,
 * the last one counts that is no such proxy; what stands before it anybody may have written.
 *
 * <p>Thread-safety: immutable.
 */
final class ClientAddress {
  private static final AttributeKey<InetAddress> TOLD = AttributeKey.valueOf("fairlead.client");

  private final Proxies proxies;

  /**
   * Knows whose word is taken.
   *
   * @param proxies the addresses of proxies
   */
  ClientAddress(Proxies proxies) {
    this.proxies = proxies;
  }

  /** Whether a connection is to begin with a header of the PROXY protocol. */
  boolean isProxy(Channel channel) {
    InetAddress end = find(channel);
    return end != null && AddressBlock.anyHas(proxies.proxyProtocol(), end);
  }

  /** A proxy has said whose connection it is. */
  static void tell(Channel channel, InetAddress client) {
    channel.attr(TOLD).set(client);
  }

  /** The address of a connection's client; null for a connection that has none. */
  static @Nullable InetAddress find(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
    InetAddress told = connection.hasAttr(TOLD) ? connection.attr(TOLD).get() : null;
    if (told != null) {
      return told;
    }
    return connection.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : null;
  }

  /**
   * The address that stands for a client without a key.
   *
   * @param channel the connection, or a stream of it
   * @param forwardedFor the values of {@code X-Forwarded-For} in their order, null for none
   */
  InetAddress of(Channel channel, @Nullable String forwardedFor) {
    InetAddress address = find(channel);
    if (address == null) {
      address = InetAddress.getLoopbackAddress();
    }
    return forwardedFor == null || proxies.forwardedFor().isEmpty()
        ? address
        : lastThatIsNoProxy(address, forwardedFor);
  }

  private InetAddress lastThatIsNoProxy(InetAddress end, String forwardedFor) {
    InetAddress address = end;
    int to = forwardedFor.length();
    while (to >= 0 && AddressBlock.anyHas(proxies.forwardedFor(), address)) {
      int comma = forwardedFor.lastIndexOf(',', to - 1);
      InetAddress before = parse(forwardedFor.substring(comma + 1, to).strip());
      if (before == null) {
        return address;
      }
      address = before;
      to = comma;
    }
    return address;
  }

  /** Reads an address with or without a port; null if it is none. */
  static @Nullable InetAddress parse(String text) {
    int bracket = text.indexOf(']');
    int colon = text.indexOf(':');
    String address = text;
    if (text.startsWith("[") && bracket > 0) {
      address = text.substring(1, bracket);
    } else if (colon >= 0 && colon == text.lastIndexOf(':')) {
      address = text.substring(0, colon);
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
