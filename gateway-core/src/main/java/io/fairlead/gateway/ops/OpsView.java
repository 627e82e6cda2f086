package io.fairlead.gateway.ops;

import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.table.RoutingTable;
import java.util.Collection;
import java.util.List;

/**
 * What the ops port shows of the gateway.
 *
 * <p>Thread-safety: called on the ops port's event loop; must be safe and must not wait long.
 */
public interface OpsView {
  /**
   * The newest table of each chain.
   *
   * @return in the configuration's order; empty while the gateway starts
   */
  Collection<RoutingTable> tables();

  /**
   * Latency by upstream and method class, of all chains.
   *
   * @return what is known, perhaps nothing
   */
  List<LatencyRow> latency();

  /**
   * Why traffic moved.
   *
   * @param most at most so many
   * @return the newest events, oldest first
   */
  List<StampedEvent> recentEvents(int most);

  /**
   * Whether the process does its work, whatever its upstreams do.
   *
   * @return false when an event loop or the control loop has stopped turning
   */
  boolean isAlive();

  /**
   * Whether the gateway is going down and takes no new traffic.
   *
   * @return true from the beginning of the shutdown on
   */
  boolean isDraining();

  /**
   * The program's version.
   *
   * @return such as {@code 0.1.0}
   */
  String version();
}
