package io.fairlead.routing.table;

import java.util.OptionalLong;

/**
 * Where an upstream stands on three independent axes, and why.
 *
 * @param administrative what operators want
 * @param health what evidence says
 * @param freshness what its head says
 * @param headBlocks its newest block, if known
 * @param reason one sentence on what keeps it from serving whole, or "serving"
 */
public record UpstreamStatus(
    Administrative administrative,
    Health health,
    Freshness freshness,
    OptionalLong headBlocks,
    String reason) {

  /** What operators want of an upstream. */
  public enum Administrative {
    /** It may serve. */
    ACTIVE,
    /** It gets no new calls until it is restored. */
    DRAINING,
    /** Its weight is 0. */
    DISABLED
  }

  /** What evidence says of an upstream, its domains' troubles included. */
  public enum Health {
    /** Nothing speaks against it. */
    HEALTHY,
    /** Evidence is gathering, or a limit holds it off. */
    SUSPECT,
    /** It, or a domain of it, is out. */
    EJECTED,
    /** It, or a domain of it, comes back by canary and ramp. */
    RETURNING
  }

  /** What its head and chain identity say of an upstream. */
  public enum Freshness {
    /** Near enough to the chain's head for every call. */
    CURRENT,
    /** Too far behind for head-sensitive calls. */
    LAGGING,
    /** Not known yet. */
    UNKNOWN,
    /** It serves another chain and is never used. */
    WRONG_CHAIN,
    /** It says that it is still catching up and is not used. */
    SYNCING
  }
}
