package io.fairlead.gateway.cli;

/**
 * A command failed: exit status 1, and the message as one line on standard error.
 *
 * <p>The message says why and what to do. It has a stack only in its cause.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure that the program itself found.
   *
   * @param message why, and what to do
   */
  public CommandFailure(String message) {
    super(message, null, false, false);
  }

  /**
   * A failure with a cause, whose stack is logged at level debug.
   *
   * @param message why, and what to do
   * @param cause what happened
   */
  public CommandFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
