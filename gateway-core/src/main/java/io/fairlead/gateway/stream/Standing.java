package io.fairlead.gateway.stream;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;

/** Whether an upstream may be listened to, as the routing table has it. */
enum Standing {
  /** It may. */
  USABLE,
  /** It may, but it is behind the others. */
  LAGGING,
  /** It is on the right chain but out; it is listened to when nobody else is left. */
  EJECTED,
  /** An operator takes it out: it is listened to until another has taken its place. */
  LEAVING,
  /** It must not be: dropped, another chain, still syncing, or not known yet. */
  OUT;

  static Standing of(Upstream upstream, RoutingTable table) {
    if (!table.upstreams().contains(upstream)) {
      return OUT;
    }
    UpstreamStatus status = table.status(upstream);
    Freshness freshness = status.freshness();
    if (freshness != Freshness.CURRENT && freshness != Freshness.LAGGING) {
      return OUT;
    }
    if (status.administrative() != Administrative.ACTIVE) {
      return LEAVING;
    }
    if (status.health() == Health.EJECTED) {
      return EJECTED;
    }
    return freshness == Freshness.LAGGING ? LAGGING : USABLE;
  }

  /** Whether nothing speaks against listening to it. */
  boolean isWell() {
    return this == USABLE || this == LAGGING;
  }

  /** Whether it can be listened to from now on. */
  boolean mayBegin() {
    return this == USABLE || this == LAGGING || this == EJECTED;
  }
}
