package io.fairlead.routing.sim.scenario;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The upstreams of one chain. An upstream's index in the list is its name towards gateways under
 * test, for the whole play.
 *
 * @param upstreams at least one; ids are unique
 * @param blockTimeNanos from one block of the chain to the next, more than 0
 */
public record World(List<SimUpstream> upstreams, long blockTimeNanos) {
  /** Checks the ids and copies the list. */
  public World {
    upstreams = List.copyOf(upstreams);
    Rules.require(!upstreams.isEmpty(), "upstreams", "none", "at least one");
    Set<String> ids = new HashSet<>();
    for (SimUpstream u : upstreams) {
      Rules.require(ids.add(u.spec().id()), "upstreams.id", u.spec().id(), "unique ids");
    }
    Rules.requirePositive(blockTimeNanos, "blockTime");
  }

  /**
   * Where an upstream stands in the list.
   *
   * @param id its id
   * @return its index, or -1 if there is none of that id
   */
  public int indexOf(String id) {
    for (int i = 0; i < upstreams.size(); i++) {
      if (upstreams.get(i).spec().id().equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
