package io.fairlead.gateway.control;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The running gateway as operators' requests need it: all chains with their routers, and the
 * configuration behind them.
 */
public interface Fleet {
  /**
   * The newest table of each chain; any thread.
   *
   * @return in the configuration's order
   */
  List<RoutingTable> tables();

  /**
   * Puts the operators' intents in force in every chain's router, which tells what that changes,
   * and publishes the tables; control loop only.
   *
   * @param intents all that are in force, the less specific first, for whatever chain
   * @param ended who ended those that were in force and no longer are, and why
   */
  void applyIntents(List<Intent> intents, Signature ended);

  /**
   * Latency quantiles of every chain; control loop only.
   *
   * @return by chain, upstream and method class
   */
  List<LatencyRow> latency();

  /**
   * What an upstream is known to lack; any thread.
   *
   * @param upstream which
   * @return kinds of data, then methods, by name; empty if nothing is known
   */
  List<KnownGap> gaps(Upstream upstream);

  /**
   * What clients of every chain wait for; any thread.
   *
   * @param most how many topics a chain at the most
   * @return done when the event loops have answered; in the configuration's order
   */
  CompletionStage<List<ChainSubscriptions>> subscriptions(int most);

  /**
   * Reads the configuration again and puts it into force; may block, so neither on the control loop
   * nor on an event loop.
   *
   * @return what changed, a line each; empty if nothing did
   * @throws ControlException of kind {@code PRECONDITION} with one line for each problem if the
   *     configuration is refused; it then changes nothing
   */
  List<String> reload() throws ControlException;
}
