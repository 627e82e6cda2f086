package io.fairlead.routing.sim.scenario;

/**
 * A corner of the piecewise linear rate of calls.
 *
 * @param atNanos since the start of the play
 * @param perSecond calls a second then, over all gateways; 0 or more
 */
public record RatePoint(long atNanos, double perSecond) {
  /** Checks the ranges. */
  public RatePoint {
    Rules.requireNotNegative(atNanos, "at");
    Rules.requireNotNegative(perSecond, "perSecond");
  }
}
