package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.WatchRoutingTableResponse;
import io.fairlead.gateway.control.OperatorOverride;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the newest tables if they are not those given last; what lay between is left out.
 *
 * <p>Thread-safety: one caller at a time.
 */
final class TableFeed implements Pump.Feed<WatchRoutingTableResponse> {
  private final RoutingControl control;
  private final String chain;
  private List<RoutingTable> givenTables = List.of();
  private List<OperatorOverride> givenOverrides = List.of();
  private boolean hasGiven;

  TableFeed(RoutingControl control, String chain) {
    this.control = control;
    this.chain = chain;
  }

  @Override
  public @Nullable WatchRoutingTableResponse unseen() {
    List<OperatorOverride> overrides = control.overrides();
    List<RoutingTable> tables =
        control.tables().stream()
            .filter(table -> chain.isEmpty() || chain.equals(table.chain()))
            .toList();
    if (hasGiven && tables.equals(givenTables) && overrides.equals(givenOverrides)) {
      return null;
    }
    hasGiven = true;
    givenTables = tables;
    givenOverrides = overrides;
    return WatchRoutingTableResponse.newBuilder()
        .addAllTables(TableMessages.of(tables, overrides))
        .addAllOverrides(OverrideMessages.of(overrides))
        .build();
  }
}
