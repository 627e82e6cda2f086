package io.fairlead.gateway.app;

import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.gateway.ops.OpsView;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.table.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the ops port shows of a running gateway. */
final class GatewayView implements OpsView {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayView.class);

  private final RoutingControl routing;
  private final BooleanSupplier alive;
  private final BooleanSupplier draining;

  GatewayView(RoutingControl routing, BooleanSupplier alive, BooleanSupplier draining) {
    this.routing = routing;
    this.alive = alive;
    this.draining = draining;
  }

  @Override
  public Collection<RoutingTable> tables() {
    return routing.tables();
  }

  @Override
  public List<LatencyRow> latency() {
    try {
      return routing.latency();
    } catch (ControlException e) {
      LOG.warn("no latencies for the status page", e);
      return List.of();
    }
  }

  @Override
  public List<StampedEvent> recentEvents(int most) {
    return routing.events().recent(most, "");
  }

  @Override
  public boolean isAlive() {
    return alive.getAsBoolean();
  }

  @Override
  public boolean isDraining() {
    return draining.getAsBoolean();
  }

  @Override
  public String version() {
    return routing.version();
  }
}
