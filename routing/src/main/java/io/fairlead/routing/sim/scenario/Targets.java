package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.FailureDomain;
import java.util.List;
import java.util.Optional;

/**
 * Whom a fault befalls.
 *
 * @param upstreamIds at least one
 * @param cause the domain that a perfect judge would blame; empty when no domain should be
 */
public record Targets(List<String> upstreamIds, Optional<FailureDomain> cause) {
  /** Copies the list. */
  public Targets {
    upstreamIds = List.copyOf(upstreamIds);
    Rules.require(!upstreamIds.isEmpty(), "targets", "none", "at least one upstream");
  }

  /**
   * All members of a domain, which is to blame.
   *
   * @param world where they are
   * @param domain with at least one member
   * @return the targets
   */
  public static Targets of(World world, FailureDomain domain) {
    List<String> ids =
        world.upstreams().stream()
            .map(SimUpstream::spec)
            .filter(spec -> spec.domains().contains(domain))
            .map(spec -> spec.id())
            .toList();
    return new Targets(ids, Optional.of(domain));
  }

  /**
   * Upstreams for which no domain is to blame.
   *
   * @param ids whom
   * @return the targets
   */
  public static Targets of(String... ids) {
    return new Targets(List.of(ids), Optional.empty());
  }
}
