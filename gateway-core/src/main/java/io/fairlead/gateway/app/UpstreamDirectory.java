package io.fairlead.gateway.app;

import io.fairlead.gateway.call.AttemptObserver;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.upstream.PoolSpec;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.socket.CarrierObserver;
import io.fairlead.routing.Upstream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane must know of each upstream beyond what routing knows, by slot.
 *
 * <p>Thread-safety: safe; a new list replaces the old one at once.
 */
final class UpstreamDirectory {
  private volatile @Nullable Entry[] bySlot = new Entry[0];

  /**
   * One upstream.
   *
   * @param upstream as routing knows it
   * @param pool how its connections are made
   * @param metrics where its attempts are counted
   * @param methods which methods its operator lets it serve
   * @param socket the WebSocket that its calls may go over, null if they may not
   */
  record Entry(
      Upstream upstream,
      PoolSpec pool,
      AttemptObserver metrics,
      MethodPolicy methods,
      @Nullable CallWebSocket socket) {}

  /**
   * A WebSocket for calls.
   *
   * @param address where it is
   * @param observer counts which way calls go
   */
  record CallWebSocket(UpstreamAddress address, CarrierObserver observer) {}

  /** Adds entries, in place of those with the same slot; the others stay. */
  void publishBeside(Collection<Entry> added) {
    Map<Integer, Entry> all = new HashMap<>();
    Stream.concat(Stream.of(bySlot).filter(Objects::nonNull), added.stream())
        .forEach(entry -> all.put(entry.pool().slot(), entry));
    publish(all.values());
  }

  /** Replaces all entries. */
  void publish(Collection<Entry> entries) {
    int slots = entries.stream().mapToInt(entry -> entry.pool().slot() + 1).max().orElse(0);
    @Nullable Entry[] next = new Entry[slots];
    for (Entry entry : entries) {
      next[entry.pool().slot()] = entry;
    }
    bySlot = next;
  }

  @Nullable Entry at(int slot) {
    @Nullable Entry[] current = bySlot;
    return slot < current.length ? current[slot] : null;
  }

  List<PoolSpec> pools() {
    return Stream.of(bySlot).filter(Objects::nonNull).map(entry -> entry.pool()).toList();
  }
}
