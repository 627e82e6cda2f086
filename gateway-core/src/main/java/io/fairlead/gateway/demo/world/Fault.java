package io.fairlead.gateway.demo.world;

/**
 * What is wrong with a simulated node now.
 *
 * @param kind the manner of failing
 * @param factor how many times longer service takes; 1 unless the kind is {@link Kind#SLOW}
 */
public record Fault(Kind kind, double factor) {
  /** Nothing is wrong. */
  public static final Fault NONE = of(Kind.NONE);

  /** Connects and requests are accepted, and nothing is ever answered. */
  public static final Fault BLACK_HOLE = of(Kind.BLACK_HOLE);

  /** Checks the factor. */
  public Fault {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("factor: " + factor + " (expected: 1 or more)");
    }
  }

  /**
   * A fault that needs no number.
   *
   * @param kind the manner of failing
   * @return the fault
   */
  public static Fault of(Kind kind) {
    return new Fault(kind, 1);
  }

  /**
   * Right answers, but late.
   *
   * @param factor how many times longer service takes
   * @return the fault
   */
  public static Fault slow(double factor) {
    return new Fault(Kind.SLOW, factor);
  }

  /** The manners of failing. */
  public enum Kind {
    /** Healthy. */
    NONE,
    /** The port is closed, and so is every connection. */
    REFUSE,
    /** Everything is accepted and read, nothing is answered; answers under way are lost. */
    BLACK_HOLE,
    /** A request is answered by a reset of its connection. */
    RESET,
    /** HTTP 503 with a page of HTML. */
    ERROR_5XX,
    /** HTTP 429 with {@code Retry-After}. */
    ERROR_429,
    /** Right answers, late by a factor. */
    SLOW,
    /** The head stays where it was when the fault began; everything else looks well. */
    STALE_HEAD,
    /** Half of the announced body, then the end of the connection. */
    CUT_BODY
  }
}
