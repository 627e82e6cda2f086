package io.fairlead.gateway.ops;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.Collection;

/**
 * Whether traffic should come: each chain has an upstream that can serve, and we are not leaving.
 */
final class Readiness {
  private static final int MOST_REASONS = 20;

  private final OpsView view;

  Readiness(OpsView view) {
    this.view = view;
  }

  Page toPage() {
    Collection<RoutingTable> tables = view.tables();
    if (view.isDraining()) {
      return Page.text(503, "going down");
    }
    if (tables.isEmpty()) {
      return Page.text(503, "starting");
    }
    boolean areAllUsable = tables.stream().allMatch(RoutingTable::isUsable);
    StringBuilder text = new StringBuilder(areAllUsable ? "ready" : "not ready");
    tables.forEach(table -> text.append('\n').append(describe(table)));
    return Page.text(areAllUsable ? 200 : 503, text.toString());
  }

  private static String describe(RoutingTable table) {
    if (table.isUsable()) {
      long serving = table.upstreams().stream().filter(table::isServing).count();
      return table.chain() + ": " + serving + " of " + table.size() + " upstreams serve";
    }
    StringBuilder text = new StringBuilder(table.chain()).append(": no upstream can serve");
    for (Upstream upstream : table.upstreams().stream().limit(MOST_REASONS).toList()) {
      text.append("\n  ")
          .append(upstream.id())
          .append(": ")
          .append(table.status(upstream).reason());
    }
    if (table.size() > MOST_REASONS) {
      text.append("\n  and ").append(table.size() - MOST_REASONS).append(" more");
    }
    return text.toString();
  }
}
