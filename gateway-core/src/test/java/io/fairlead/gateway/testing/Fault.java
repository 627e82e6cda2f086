package io.fairlead.gateway.testing;

/**
 * A way in which a node can fail.
 *
 * @param kind what happens
 * @param millis how long, for {@link Kind#DELAY}
 */
public record Fault(Kind kind, long millis) {
  /** No fault: the node answers as it is. */
  public static final Fault NONE = of(Kind.NONE);

  /** What happens to a request. */
  public enum Kind {
    /** The node answers. */
    NONE,
    /** The node answers late. */
    DELAY,
    /** Nobody listens, and open connections are cut. */
    REFUSE,
    /** Connections open, requests go in, nothing ever comes out, for open connections too. */
    BLACK_HOLE,
    /** Connections are reset once the request is in, open ones at once. */
    RESET,
    /** HTTP 500 with an HTML page. */
    HTTP_500,
    /** HTTP 503, empty. */
    HTTP_503,
    /** HTTP 429 with Retry-After. */
    HTTP_429,
    /** The node acts on the request; half of its answer arrives, then the connection ends. */
    CUT_BODY,
    /** The node stands still at the block at which the fault began. */
    STALE_HEAD
  }

  /**
   * A fault without parameters.
   *
   * @param kind what happens
   * @return the fault
   */
  public static Fault of(Kind kind) {
    return new Fault(kind, 0);
  }

  /**
   * A node that answers late.
   *
   * @param millis how late
   * @return the fault
   */
  public static Fault delay(long millis) {
    return new Fault(Kind.DELAY, millis);
  }
}
