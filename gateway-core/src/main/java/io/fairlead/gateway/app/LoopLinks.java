package io.fairlead.gateway.app;

import io.fairlead.gateway.call.UpstreamLink;
import io.fairlead.gateway.call.UpstreamLinks;
import io.fairlead.gateway.upstream.UpstreamPool;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.time.NanoClock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One event loop's links, made when a call first goes to an upstream. */
final class LoopLinks implements UpstreamLinks {
  private final UpstreamPools pools;
  private final UpstreamDirectory directory;
  private final NanoClock clock;
  private @Nullable Made[] bySlot = new Made[0];

  /** A link and what it was made from, so that a reload is noticed. */
  private record Made(UpstreamDirectory.Entry entry, UpstreamPool pool, UpstreamLink link) {}

  LoopLinks(UpstreamPools pools, UpstreamDirectory directory, NanoClock clock) {
    this.pools = pools;
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another object means that a reload has put it there
  public @Nullable UpstreamLink to(Upstream upstream) {
    int slot = upstream.slot();
    UpstreamPool pool = pools.pool(slot);
    UpstreamDirectory.Entry entry = directory.at(slot);
    if (pool == null || entry == null) {
      return null;
    }
    Made made = slot < bySlot.length ? bySlot[slot] : null;
    if (made == null || made.pool() != pool || made.entry() != entry) {
      made = make(entry, pool);
    }
    return made.link();
  }

  private Made make(UpstreamDirectory.Entry entry, UpstreamPool pool) {
    int slot = entry.pool().slot();
    UpstreamLink link = new UpstreamLink(pool, entry.metrics(), entry.methods(), clock.nanoTime());
    Made made = new Made(entry, pool, link);
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, slot + 1);
    }
    bySlot[slot] = made;
    return made;
  }
}
