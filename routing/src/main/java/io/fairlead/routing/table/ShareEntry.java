package io.fairlead.routing.table;

import io.fairlead.routing.Upstream;
import java.util.List;

/**
 * One upstream's share of a method class, explained.
 *
 * @param upstream the upstream
 * @param share of the class's calls, 0 to 1
 * @param costMillis expected cost of a call, {@link Double#NaN} while unknown
 * @param factors what made the share, in the order of application
 */
public record ShareEntry(Upstream upstream, double share, double costMillis, List<Factor> factors) {

  /** Copies the list. */
  public ShareEntry {
    factors = List.copyOf(factors);
  }

  /**
   * One factor of a share.
   *
   * @param name which
   * @param value the number that went in
   * @param reason where it comes from, for people
   */
  public record Factor(Name name, double value, String reason) {}

  /** The factors of a share. */
  public enum Name {
    /** What the operator said. */
    WEIGHT,
    /** 0 when out, less than 1 on the way back. */
    READINESS,
    /** How near and fast it is against the best. */
    PREFERENCE,
    /** What it has of the few calls that follow the weights alone. */
    TRICKLE,
    /** What those on the way back leave to those who are whole: 1 or less. */
    TAKEOVER,
    /** The part of the class that its tier carries. */
    TIER,
    /** What caps of failure domains, limits and quotas made of it: below 1 taken, above 1 given. */
    CAP
  }
}
