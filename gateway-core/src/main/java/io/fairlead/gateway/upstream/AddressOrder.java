package io.fairlead.gateway.upstream;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * In which order the addresses of an upstream are tried: the one that worked last, then by turns of
 * IPv6 and IPv4, so that a family that leads nowhere costs one attempt; those that failed in the
 * last {@value #FAILED_SECONDS} seconds at the end, the one that failed longest ago first.
 *
 * <p>Within a family, and for which family begins, the resolver's order holds.
 *
 * <p>Thread-safety: loop-confined. Source: RFC 8305, section 4.
 */
final class AddressOrder {
  static final int FAILED_SECONDS = 30;
  private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(FAILED_SECONDS);

  private final Map<InetAddress, Long> failedAtNanos = new HashMap<>();
  private @Nullable InetAddress lastGood;

  /**
   * Orders addresses, and forgets what it knew of all others.
   *
   * @param addresses as the resolver gave them
   */
  List<InetAddress> of(List<InetAddress> addresses, long nowNanos) {
    failedAtNanos.keySet().retainAll(addresses);
    failedAtNanos.values().removeIf(at -> nowNanos - at >= FAILED_NANOS);
    List<InetAddress> fresh =
        new ArrayList<>(addresses.stream().filter(a -> !failedAtNanos.containsKey(a)).toList());
    List<InetAddress> failed =
        addresses.stream()
            .filter(failedAtNanos::containsKey)
            .sorted(Comparator.comparingLong(a -> failedAtNanos.getOrDefault(a, 0L) - nowNanos))
            .toList();
    InetAddress good = lastGood;
    if (good != null && fresh.remove(good)) {
      fresh.add(0, good);
    }
    List<InetAddress> order = byTurns(fresh);
    order.addAll(failed);
    return order;
  }

  private static List<InetAddress> byTurns(List<InetAddress> addresses) {
    ArrayDeque<InetAddress> one = new ArrayDeque<>();
    ArrayDeque<InetAddress> other = new ArrayDeque<>();
    for (InetAddress address : addresses) {
      boolean isLikeFirst = isIpv4(address) == isIpv4(addresses.get(0));
      (isLikeFirst ? one : other).add(address);
    }
    List<InetAddress> order = new ArrayList<>(addresses.size());
    while (!one.isEmpty() || !other.isEmpty()) {
      InetAddress next = one.poll();
      if (next != null) {
        order.add(next);
      }
      next = other.poll();
      if (next != null) {
        order.add(next);
      }
    }
    return order;
  }

  private static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  /** A connection is there. */
  void onConnected(InetAddress address) {
    lastGood = address;
    failedAtNanos.remove(address);
  }

  /** No connection came about, or not soon enough. */
  void onFailed(InetAddress address, long nowNanos) {
    failedAtNanos.put(address, nowNanos);
  }
}
