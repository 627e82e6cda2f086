package io.fairlead.gateway.control;

/**
 * Who did something and why, for the events.
 *
 * @param author an operator's name
 * @param reason the operator's words; may be empty
 */
public record Signature(String author, String reason) {
  /** The longest author's name, in characters. */
  public static final int MAX_AUTHOR_LENGTH = 100;

  /** The longest reason, in characters. */
  public static final int MAX_REASON_LENGTH = 500;

  /** Checks lengths and that no control character can break a line of a log or a terminal. */
  public Signature {
    if (author.isBlank() || author.length() > MAX_AUTHOR_LENGTH) {
      throw new IllegalArgumentException(
          "author: " + author.length() + " characters (expected: 1 to " + MAX_AUTHOR_LENGTH + ")");
    }
    if (reason.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException(
          "reason: " + reason.length() + " characters (expected: up to " + MAX_REASON_LENGTH + ")");
    }
    requirePrintable("author", author);
    requirePrintable("reason", reason);
  }

  private static void requirePrintable(String field, String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          field + ": a control character (expected: one line of text)");
    }
  }
}
