package io.fairlead.routing.control;

import java.util.Locale;

/**
 * One change of consequence, with the evidence for it.
 *
 * @param chain the chain's name; empty for the gateway as a whole
 * @param kind what happened
 * @param subject an upstream's id, a failure domain such as {@code cloud:aws}, or the chain's name
 * @param reason the evidence, in numbers
 * @param author an operator, or {@code fairlead}
 * @param shareBefore the subject's share of the busiest method class before, 0 to 1; for a
 *     readmission that of its canary, for a shift that when an event last told of any
 * @param shareAfter and after
 */
public record RoutingEvent(
    String chain,
    Kind kind,
    String subject,
    String reason,
    String author,
    double shareBefore,
    double shareAfter) {

  /** The author of what no operator asked for. */
  public static final String FAIRLEAD = "fairlead";

  /** What may happen. */
  public enum Kind {
    /** An upstream is out, on evidence against it alone. */
    EJECTED,
    /** A failure domain is out, on evidence against its members together. */
    DOMAIN_EJECTED,
    /** An upstream or domain gets a little traffic again, to be tried. */
    CANARY,
    /** An upstream or domain carries its whole share again. */
    READMITTED,
    /** An upstream or domain became far slower than others; its cost follows at once. */
    SLOWED,
    /** An operator drains. */
    DRAINED,
    /** An operator's override ended: restored, or its time is over. */
    RESTORED,
    /** An operator changed a weight. */
    WEIGHT,
    /** An upstream (or a whole vendor) is held off for a rate limit. */
    HELD_OFF,
    /** A hold-off's time is over; a quarter of the share first. */
    HOLD_OFF_ENDED,
    /** An upstream gave answers that others disprove; it is out. */
    LIED,
    /** A credential or plan is refused. */
    ACCOUNT_REFUSED,
    /** Traffic moved because costs did, a tier opened or a configuration changed. */
    SHIFTED,
    /** An upstream lags and gets no head-sensitive calls. */
    LAGGING,
    /** It caught up. */
    CAUGHT_UP,
    /** The chain replaced blocks by others. */
    REORGANISED,
    /** An upstream serves another chain and is not used. */
    WRONG_CHAIN,
    /** An upstream says that it is still syncing and is not used. */
    SYNCING,
    /** An upstream's chain is the right one; it may serve. */
    VERIFIED,
    /** Nobody healthy is left; the least suspect serve. */
    PANIC,
    /** Somebody healthy serves again. */
    PANIC_ENDED,
    /** Caps of failure domains are let go, since calls would be lost otherwise. */
    CAP_YIELDED,
    /** The caps hold again. */
    CAP_RESTORED,
    /** An upstream joined by a change of configuration. */
    JOINED,
    /** An upstream left by a change of configuration. */
    LEFT,
    /** A new configuration is in force. */
    RELOADED,
    /** A new configuration was refused; the old one stays in force. */
    RELOAD_REFUSED,
    /** Operators' overrides of an earlier run could not be read. */
    OVERRIDES_LOST;

    /**
     * The name in logs, metrics and the admin API.
     *
     * @return the lower-case name
     */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
