package io.fairlead.gateway.control;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;

/**
 * What operators can see and do: the door through which the admin API reaches the gateway.
 *
 * <p>Thread-safety: safe. The methods that throw {@link ControlException} wait for the control loop
 * or the disk, so they belong on a thread that may wait, never on an event loop or on the control
 * loop itself.
 */
public interface RoutingControl {
  /**
   * The newest table of each chain.
   *
   * @return in the configuration's order
   */
  List<RoutingTable> tables();

  /**
   * The overrides in force.
   *
   * @return in the order in which they were made
   */
  List<OperatorOverride> overrides();

  /**
   * Announces after each change of a table or an override.
   *
   * @return the feed
   */
  ChangeFeed changes();

  /**
   * Why traffic moved.
   *
   * @return the log
   */
  EventLog events();

  /**
   * Latency quantiles by upstream and method class.
   *
   * @return rows of all chains
   * @throws ControlException if the control loop does not answer
   */
  List<LatencyRow> latency() throws ControlException;

  /**
   * What an upstream is known to lack.
   *
   * @param upstream which
   * @return kinds of data, then methods, by name; empty if nothing is known
   */
  List<KnownGap> gaps(Upstream upstream);

  /**
   * What clients wait for.
   *
   * @param most how many topics a chain at the most
   * @return in the configuration's order
   * @throws ControlException if an event loop does not answer
   */
  List<ChainSubscriptions> subscriptions(int most) throws ControlException;

  /**
   * Makes an override and returns when the tables with it are published.
   *
   * @param order what to do
   * @return what changed
   * @throws ControlException if the target does not exist or the override cannot be kept
   */
  Change apply(Order order) throws ControlException;

  /**
   * Removes the overrides on a target and returns when the tables without them are published.
   *
   * @param target which upstreams, as named in the order
   * @param by who and why
   * @return what changed
   * @throws ControlException if the target is not overridden or the change cannot be kept
   */
  Change restore(Target target, Signature by) throws ControlException;

  /**
   * Reads the configuration again and puts it into force.
   *
   * @param by who and why
   * @return what changed, a line each
   * @throws ControlException if the configuration is refused; it then changes nothing
   */
  List<String> reload(Signature by) throws ControlException;

  /**
   * The program's version.
   *
   * @return such as {@code 0.1.0}
   */
  String version();
}
