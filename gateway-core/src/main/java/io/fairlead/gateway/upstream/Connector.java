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
 * Makes connections to one upstream: resolves its name anew each time and tries its addresses in
 * turn, the one that worked last first.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Connector {
  private final IoLoop loop;
  private final UpstreamAddress address;
  private final UpstreamNetwork network;
  private final HostResolver resolver;
  private final @Nullable List<InetAddress> literal;
  private @Nullable InetAddress lastGood;

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
      attempt.begin(targets(literal));
      return;
    }
    Future<List<InetAddress>> resolution = resolver.resolveAll(address.host());
    resolution.addListener(
        future -> {
          if (future.isSuccess()) {
            attempt.begin(targets(resolution.getNow()));
          } else {
            attempt.failResolution(resolution.cause());
          }
        });
  }

  private List<InetSocketAddress> targets(List<InetAddress> addresses) {
    List<InetSocketAddress> targets = new ArrayList<>(addresses.size());
    for (InetAddress candidate : addresses) {
      InetSocketAddress target = new InetSocketAddress(candidate, address.port());
      if (candidate.equals(lastGood)) {
        targets.add(0, target);
      } else {
        targets.add(target);
      }
    }
    return targets;
  }

  void onConnected(InetSocketAddress target) {
    lastGood = target.getAddress();
  }
}
