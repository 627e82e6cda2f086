package io.fairlead.gateway.demo.load;

/**
 * How a call of the load ended.
 *
 * @param kind right, failed or wrong
 * @param detail what was wrong; empty when nothing was
 */
public record Outcome(Kind kind, String detail) {
  /** What was asked, and true. */
  public static final Outcome RIGHT = new Outcome(Kind.RIGHT, "");

  /** The ways to end. */
  public enum Kind {
    /** The answer is what the chain says. */
    RIGHT,
    /** An HTTP error, a JSON-RPC error, a broken connection or silence. */
    FAILED,
    /** An answer that is not what was asked for or not true. */
    WRONG
  }

  /**
   * Whether all is well.
   *
   * @return true for a right answer
   */
  public boolean isRight() {
    return kind == Kind.RIGHT;
  }

  static Outcome failed(String detail) {
    return new Outcome(Kind.FAILED, detail);
  }

  static Outcome wrong(String detail) {
    return new Outcome(Kind.WRONG, detail);
  }
}
