package io.fairlead.gateway.testing;

/**
 * A way in which the wire to a node can fail.
 *
 * @param kind what happens
 * @param millis how long, for {@link Kind#DELAY}
 */
public record WireFault(Kind kind, long millis) {
  /** No fault: bytes pass. */
  public static final WireFault NONE = of(Kind.NONE);

  /** What happens to connections and their bytes. */
  public enum Kind {
    /** Bytes pass. */
    NONE,
    /** Bytes stand still both ways and pass later; connections open. */
    FREEZE,
    /** Open connections are reset, and new ones as soon as they open. */
    RESET,
    /** Nobody listens, and open connections are reset. */
    REFUSE,
    /** Bytes vanish both ways; connections open, and are reset when the fault ends. */
    DROP,
    /** Bytes pass late. */
    DELAY
  }

  /**
   * A fault without parameters.
   *
   * @param kind what happens
   * @return the fault
   */
  public static WireFault of(Kind kind) {
    return new WireFault(kind, 0);
  }

  /**
   * A wire that is slow both ways.
   *
   * @param millis how long bytes take at the least
   * @return the fault
   */
  public static WireFault delay(long millis) {
    return new WireFault(Kind.DELAY, millis);
  }
}
