package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.HostResolver;
import io.fairlead.gateway.net.IoLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to one upstream: resolves its name anew each time and says in which order its
 * addresses are to be tried, and which of them not at all.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Connector {
  private final IoLoop loop;
  private final UpstreamAddress address;
  private final UpstreamNetwork network;
  private final HostResolver resolver;
  private final @Nullable List<InetAddress> literal;
  private final AddressOrder order = new AddressOrder();

  Connector(IoLoop loop, UpstreamAddress address, UpstreamNetwork network, HostResolver resolver) {
    this.loop = loop;
    this.address = address;
    this.network = network;
    this.resolver = resolver;
    this.literal = literal(address);
  }

  private static @Nullable List<InetAddress> literal(UpstreamAddress address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address.host());
    if (bytes == null) {
      return null;
    }
    try {
      return List.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("url: host '" + address.host() + "'", e);
    }
  }

  IoLoop loop() {
    return loop;
  }

  UpstreamAddress address() {
    return address;
  }

  UpstreamNetwork network() {
    return network;
  }

  /** Begins to connect; the attempt tells its target how it ended, perhaps before this returns. */
  void connect(Dial attempt) {
    if (literal != null) {
      begin(attempt, literal);
      return;
    }
    Future<List<InetAddress>> resolution = resolver.resolveAll(address.host());
    resolution.addListener(
        future -> {
          if (future.isSuccess()) {
            begin(attempt, resolution.getNow());
          } else {
            attempt.failResolution(resolution.cause());
          }
        });
  }

  private void begin(Dial attempt, List<InetAddress> resolved) {
    List<InetAddress> allowed = new ArrayList<>(resolved.size());
    String refused = "no address";
    for (InetAddress candidate : resolved) {
      String reason = ReservedAddresses.reasonAgainst(candidate, address.allowsLinkLocal());
      if (reason == null) {
        allowed.add(candidate);
      } else {
        refused = reason;
      }
    }
    if (allowed.isEmpty()) {
      attempt.refuse(refused);
    } else {
      attempt.begin(targets(order.of(allowed, loop.nanoTime())));
    }
  }

  private List<InetSocketAddress> targets(List<InetAddress> addresses) {
    return addresses.stream().map(each -> new InetSocketAddress(each, address.port())).toList();
  }

  void onConnected(InetSocketAddress target) {
    order.onConnected(target.getAddress());
  }

  void onFailed(InetSocketAddress target) {
    order.onFailed(target.getAddress(), loop.nanoTime());
  }
}
