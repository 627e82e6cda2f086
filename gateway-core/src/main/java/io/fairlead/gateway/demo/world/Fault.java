package io.fairlead.gateway.demo.world;

/**
 * What is wrong with a simulated node now.
 *
 * @param kind the manner of failing
 * @param amount how much of it, as the kind says; 1 for kinds that need no number
 * @param addedMillis how much later answers ({@link Kind#DELAY}) or errors ({@link Kind#ERRORS})
 *     come; 0 for other kinds
 */
public record Fault(Kind kind, double amount, double addedMillis) {
  /** Nothing is wrong. */
  public static final Fault NONE = of(Kind.NONE);

  /** Connects and requests are accepted, and nothing is ever answered. */
  public static final Fault BLACK_HOLE = of(Kind.BLACK_HOLE);

  /** Checks the ranges. */
  public Fault {
    switch (kind) {
      case SLOW -> require(amount >= 1, "factor", amount, "1 or more");
      case ERRORS -> require(amount >= 0 && amount <= 1, "share", amount, "0 to 1");
      case LIMIT -> require(amount > 0, "perSecond", amount, "more than 0");
      case LAG -> require(amount >= 1, "blocks", amount, "1 or more");
      default -> require(amount == 1, "amount", amount, "1");
    }
    require(addedMillis >= 0, "added", addedMillis, "0 or more");
  }

  private static void require(boolean isGood, String field, double value, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + rule + ")");
    }
  }

  /**
   * A fault that needs no number.
   *
   * @param kind the manner of failing
   * @return the fault
   */
  public static Fault of(Kind kind) {
    return new Fault(kind, 1, 0);
  }

  /**
   * Right answers, but late.
   *
   * @param factor how many times longer service takes, 1 or more
   * @return the fault
   */
  public static Fault slow(double factor) {
    return new Fault(Kind.SLOW, factor, 0);
  }

  /**
   * Some requests get an error, the rest a right answer.
   *
   * @param share of the requests, 0 to 1
   * @param afterMillis how long an error takes beyond the round trip
   * @return the fault
   */
  public static Fault errors(double share, double afterMillis) {
    return new Fault(Kind.ERRORS, share, afterMillis);
  }

  /**
   * Right answers, each later by the same time; nobody has to wait for a slot because of it.
   *
   * @param addedMillis how much later
   * @return the fault
   */
  public static Fault delay(double addedMillis) {
    return new Fault(Kind.DELAY, 1, addedMillis);
  }

  /**
   * A hard quota.
   *
   * @param perSecond requests a second, more than 0; beyond them 429 without {@code Retry-After}
   * @return the fault
   */
  public static Fault limit(double perSecond) {
    return new Fault(Kind.LIMIT, perSecond, 0);
  }

  /**
   * A head that is behind that of the other nodes.
   *
   * @param blocks how far, 1 or more
   * @return the fault
   */
  public static Fault lag(long blocks) {
    return new Fault(Kind.LAG, blocks, 0);
  }

  /** How many times longer service takes. */
  double factor() {
    return kind == Kind.SLOW ? amount : 1;
  }

  /** How far behind the head is. */
  long lagBlocks() {
    return kind == Kind.LAG ? (long) amount : 0;
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
    /** HTTP 503 at once for a share of the requests. */
    ERRORS,
    /** HTTP 429 with {@code Retry-After}. */
    ERROR_429,
    /** HTTP 429 at once for requests beyond so many a second. */
    LIMIT,
    /** Right answers, late by a factor of their service time. */
    SLOW,
    /** Right answers, late by the same time each. */
    DELAY,
    /** The head stays where it was when the fault began; everything else looks well. */
    STALE_HEAD,
    /** The head is so many blocks behind; everything else looks well. */
    LAG,
    /** Half of the announced body, then the end of the connection. */
    CUT_BODY
  }
}
