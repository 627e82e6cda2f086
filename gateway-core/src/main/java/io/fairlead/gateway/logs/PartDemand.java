package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.FurtherDemand;
import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Demands of upstreams that they take as much as is asked and have the blocks that are asked for.
 *
 * <p>A node that is not yet at the last block answers without a word with what it has, so a part is
 * only put to upstreams that are known to be there.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class PartDemand extends FurtherDemand {
  private final Reach reach;
  private final long blocks;
  private final long last;
  private final int alternatives;

  /**
   * A demand.
   *
   * @param reach what upstreams take and have, and what is demanded anyway
   * @param blocks how many blocks are asked for
   * @param last the last of them, or -1 for whatever is newest
   * @param alternatives how long the longest list of alternatives is
   */
  PartDemand(Reach reach, long blocks, long last, int alternatives) {
    super(reach.base());
    this.reach = reach;
    this.blocks = blocks;
    this.last = last;
    this.alternatives = alternatives;
  }

  @Override
  public boolean mayAsk(Upstream upstream) {
    return super.mayAsk(upstream)
        && reach.blocks(upstream) >= blocks
        && reach.alternatives(upstream) >= alternatives
        && reach.has(upstream, last);
  }

  @Override
  public boolean isSelective() {
    return true;
  }

  @Override
  public @Nullable String lacking() {
    String known = super.lacking();
    return known == null ? "none is known to have and to give logs of so many blocks" : known;
  }
}
