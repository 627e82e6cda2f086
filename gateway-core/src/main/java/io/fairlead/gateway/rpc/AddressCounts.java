package io.fairlead.gateway.rpc;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections each client address has open.
 *
 * <p>Thread-safety: safe.
 */
final class AddressCounts {
  private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();
  private final int max;

  AddressCounts(int max) {
    this.max = max;
  }

  /** Counts one more, unless the address has as many as it may. */
  boolean tryAdd(InetAddress address) {
    int count = counts.merge(address, 1, Integer::sum);
    if (count > max) {
      remove(address);
      return false;
    }
    return true;
  }

  void remove(InetAddress address) {
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
