package io.fairlead.routing.sim.scenario;

/**
 * Something that befalls upstreams for a time. Faults may overlap: slowdowns multiply, and of the
 * rest the more severe holds (absent, black hole, refuse, errors).
 *
 * @param kind what
 * @param targets whom
 * @param fromNanos since the start of the play
 * @param untilNanos since the start of the play, more than {@code fromNanos}; it may lie beyond the
 *     end of the play
 */
public record Fault(FaultKind kind, Targets targets, long fromNanos, long untilNanos) {
  /** Checks the times. */
  public Fault {
    Rules.requireNotNegative(fromNanos, "from");
    Rules.require(untilNanos > fromNanos, "until", untilNanos, "more than 'from'");
  }
}
