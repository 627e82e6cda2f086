package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.Demand;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What upstreams take and have of one query now.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Reach {
  private final Call call;
  private final Demand base;
  private final LogLimits limits;
  private final long query;

  Reach(Call call, LogLimits limits, long query) {
    this.call = call;
    this.base = call.demand();
    this.limits = limits;
    this.query = query;
  }

  /** What is demanded of upstreams anyway. */
  Demand base() {
    return base;
  }

  /** The query's fingerprint. */
  long query() {
    return query;
  }

  long nanoTime() {
    return call.loop().nanoTime();
  }

  private RoutingTable table() {
    return call.chain().table();
  }

  /** How many blocks an upstream takes at once. */
  long blocks(Upstream upstream) {
    return limits.blocks(upstream.id(), query, nanoTime());
  }

  /** How many alternatives an upstream takes in a list. */
  long alternatives(Upstream upstream) {
    return limits.alternatives(upstream.id(), nanoTime());
  }

  /** Whether an upstream has a block, if the chain has: by what is demanded, else by the table. */
  boolean has(Upstream upstream, long block) {
    if (base.neededBlock() >= block) {
      return true;
    }
    RoutingTable table = table();
    OptionalLong head = table.headBlocks();
    OptionalLong own = table.status(upstream).headBlocks();
    return head.isEmpty() || own.isEmpty() || own.getAsLong() >= Math.min(block, head.getAsLong());
  }

  /** How many blocks the upstream takes that takes most of those which get calls. */
  long mostBlocks() {
    return most(this::blocks);
  }

  /** How many alternatives the upstream takes that takes most of those which get calls. */
  long mostAlternatives() {
    return most(this::alternatives);
  }

  private long most(ToLongFunction<Upstream> limit) {
    RoutingTable table = table();
    long most = 0;
    for (Upstream upstream : table.upstreams()) {
      if (table.share(upstream, MethodClass.LOGS) > 0 && base.mayAsk(upstream)) {
        most = Math.max(most, limit.applyAsLong(upstream));
      }
    }
    return most == 0 ? LogLimits.NONE : most;
  }

  /** The widest range below a width that some upstream takes; 0 if none is known. */
  long nextBelow(long blocks) {
    long next = 0;
    for (Upstream upstream : table().upstreams()) {
      long takes = blocks(upstream);
      if (takes < blocks) {
        next = Math.max(next, takes);
      }
    }
    return next;
  }
}
