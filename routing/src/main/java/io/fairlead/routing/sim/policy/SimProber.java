package io.fairlead.routing.sim.policy;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds out about upstreams for a {@link FairleadGateway} and tells its router: identities, heads,
 * and what probes come to. What the production gateway tells its prober, this is told.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
public interface SimProber {
  /**
   * Sets whom to look after; also begins.
   *
   * @param now the upstreams configured from now on
   */
  void onUpstreams(List<UpstreamSpec> now);

  /**
   * There is a new table, which may have other suspects.
   *
   * @param table the table
   */
  void onTable(RoutingTable table);

  /**
   * An upstream answered a call of traffic with a result, as noted at most a few times a second.
   *
   * @param upstream its index
   * @param headBlocks its newest block as far as the answer told; -1 if it did not
   */
  void onOrganicAnswer(int upstream, long headBlocks);

  /** Makes probers. */
  @FunctionalInterface
  interface Factory {
    /**
     * A prober that has not begun.
     *
     * @param router to be told, between its ticks
     * @param network the way to upstreams
     * @param random its own
     * @return the prober
     */
    SimProber create(ChainRouter router, Network network, RandomGenerator random);
  }
}
