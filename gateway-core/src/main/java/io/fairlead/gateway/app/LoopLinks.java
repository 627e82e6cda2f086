package io.fairlead.gateway.app;

import io.fairlead.gateway.call.UpstreamLink;
import io.fairlead.gateway.call.UpstreamLinks;
import io.fairlead.gateway.upstream.RequestPort;
import io.fairlead.gateway.upstream.UpstreamPool;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.gateway.upstream.socket.SocketMeans;
import io.fairlead.gateway.upstream.socket.SocketPort;
import io.fairlead.gateway.upstream.socket.SocketUpgrades;
import io.fairlead.routing.Upstream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One event loop's links, made when a call first goes to an upstream. */
final class LoopLinks implements UpstreamLinks {
  private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final UpstreamPools pools;
  private final UpstreamDirectory directory;
  private final SocketMeans sockets;
  private @Nullable Made[] bySlot = new Made[0];

  /** A link and what it was made from, so that a reload is noticed. */
  private record Made(
      UpstreamDirectory.Entry entry,
      UpstreamPool pool,
      UpstreamLink link,
      @Nullable SocketPort socket) {}

  LoopLinks(UpstreamPools pools, UpstreamDirectory directory, SocketMeans sockets) {
    this.pools = pools;
    this.directory = directory;
    this.sockets = sockets;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another object means that a reload has put it there
  public @Nullable UpstreamLink to(Upstream upstream) {
    int slot = upstream.slot();
    UpstreamPool pool = pools.pool(slot);
    UpstreamDirectory.Entry entry = directory.at(slot);
    Made made = slot < bySlot.length ? bySlot[slot] : null;
    if (made != null && made.pool() == pool && (made.entry() == entry || entry == null)) {
      return made.link(); // without an entry the loop has not heard of a reload yet
    }
    return pool == null || entry == null ? null : make(entry, pool, made).link();
  }

  private Made make(UpstreamDirectory.Entry entry, UpstreamPool pool, @Nullable Made before) {
    int slot = entry.pool().slot();
    SocketPort socket = socket(entry, pool, before);
    RequestPort port = socket == null ? pool : socket;
    long now = sockets.scheduler().nanoTime();
    Made made =
        new Made(
            entry, pool, new UpstreamLink(port, entry.metrics(), entry.methods(), now), socket);
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, slot + 1);
    }
    bySlot[slot] = made;
    return made;
  }

  /** The way over the WebSocket; what there is goes on if nothing of it has changed. */
  @SuppressWarnings("ReferenceEquality") // a pool that is another is another
  private @Nullable SocketPort socket(
      UpstreamDirectory.Entry entry, UpstreamPool pool, @Nullable Made before) {
    UpstreamDirectory.CallWebSocket wanted = entry.socket();
    if (before != null && before.socket() != null) {
      if (before.pool() == pool && Objects.equals(wanted, before.entry().socket())) {
        return before.socket();
      }
      before.socket().close();
    }
    return wanted == null
        ? null
        : new SocketPort(
            pool,
            pool::active,
            new SocketUpgrades(
                pools.dialer(wanted.address()), sockets.scheduler(), HANDSHAKE_NANOS),
            sockets,
            wanted.observer());
  }
}
