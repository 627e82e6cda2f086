package io.fairlead.gateway.control;

/**
 * A request of an operator that is refused; the message reads {@code field: value (expected: rule)}
 * and holds no secret.
 */
public final class ControlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /**
   * A refusal.
   *
   * @param kind why, for programs
   * @param message why, for people
   */
  public ControlException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /**
   * A refusal with its cause.
   *
   * @param kind why, for programs
   * @param message why, for people
   * @param cause what went wrong below
   */
  public ControlException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * Why, for programs.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /** Why a request is refused. */
  public enum Kind {
    /** The running configuration has no such chain, upstream or failure domain. */
    NOT_FOUND,
    /** It makes no sense now: nothing to restore, a configuration that is refused. */
    PRECONDITION,
    /** The gateway cannot do it: a full disk, a loop that is ending. */
    UNABLE
  }
}
