package io.fairlead.routing.sim.scenario;

/**
 * The network between the gateways and an upstream.
 *
 * <p>Each way takes half a round trip times {@code 1 +- jitter}, uniform and independent.
 *
 * @param rttMillis one round trip without jitter, 0 or more
 * @param jitter 0 to 1
 */
public record Path(double rttMillis, double jitter) {
  /** Checks the ranges. */
  public Path {
    Rules.requireNotNegative(rttMillis, "rtt");
    Rules.requireShare(jitter, "jitter");
  }
}
