package io.fairlead.routing.sim.scenario;

/**
 * How a scenario is played.
 *
 * @param durationNanos calls arrive from 0 until then; more than 0
 * @param measureFromNanos from when on calls count in figures; less than the duration
 * @param timeoutNanos after which a client gives up; more than 0
 * @param gateways how many, each seeing its part of the calls and knowing nothing of the others
 * @param settings how they are configured
 */
public record Play(
    long durationNanos, long measureFromNanos, long timeoutNanos, int gateways, Settings settings) {
  /** Checks the ranges. */
  public Play {
    Rules.requirePositive(durationNanos, "duration");
    Rules.require(
        measureFromNanos >= 0 && measureFromNanos < durationNanos,
        "measureFrom",
        measureFromNanos,
        "0 to less than the duration");
    Rules.requirePositive(timeoutNanos, "timeout");
    Rules.require(gateways >= 1, "gateways", gateways, "1 or more");
  }
}
