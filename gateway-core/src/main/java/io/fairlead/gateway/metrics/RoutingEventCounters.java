package io.fairlead.gateway.metrics;

import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingEvent.Kind;

/** Counts what routing did and why, from its events. */
final class RoutingEventCounters {
  private static final double SMALLEST_SHIFT = 1e-9;

  private final Families families;

  RoutingEventCounters(Families families) {
    this.families = families;
  }

  void onEvent(RoutingEvent event) {
    String chain = event.chain();
    String kind = event.kind().label();
    families.events.labels(chain, kind).inc();
    if (isEjection(event.kind())) {
      families.ejections.labels(chain, scope(event)).inc();
    }
    double moved = Math.abs(event.shareAfter() - event.shareBefore());
    if (moved > SMALLEST_SHIFT) {
      families.shifts.labels(chain, kind).inc();
      families.shiftedShare.labels(chain, kind).inc(moved);
    }
  }

  private static boolean isEjection(Kind kind) {
    return kind == Kind.EJECTED || kind == Kind.DOMAIN_EJECTED || kind == Kind.LIED;
  }

  /** The kind of domain that was put out, such as {@code cloud}, or {@code upstream}. */
  private static String scope(RoutingEvent event) {
    int colon = event.subject().indexOf(':');
    boolean isDomain = event.kind() == Kind.DOMAIN_EJECTED && colon > 0;
    return isDomain ? event.subject().substring(0, colon) : "upstream";
  }
}
