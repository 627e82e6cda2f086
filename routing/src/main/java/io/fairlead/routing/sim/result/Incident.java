package io.fairlead.routing.sim.result;

/**
 * Something that a gateway decided.
 *
 * @param atNanos since the start of the play
 * @param gateway which, from 0
 * @param kind what
 * @param subject an upstream's id or a failure domain
 */
public record Incident(long atNanos, int gateway, Kind kind, String subject) {
  /** What may be decided. */
  public enum Kind {
    /** A failure domain is held to be ill. */
    BLAMED,
    /** An upstream is taken out for its own sake or with a domain. */
    EJECTED,
    /** An upstream has its whole share again. */
    RETURNED
  }
}
