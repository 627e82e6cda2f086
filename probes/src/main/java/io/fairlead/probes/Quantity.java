package io.fairlead.probes;

import org.jspecify.annotations.Nullable;

/**
 * Numbers as nodes write them: {@code 0x} and hexadecimal digits, some with leading zeros, a few in
 * decimals.
 */
final class Quantity {
  /** Stands for no number. */
  static final long NONE = -1;

  private Quantity() {}

  /** The number, or {@link #NONE} when the text is none or it does not fit. */
  static long parse(@Nullable String text) {
    if (text == null || text.isEmpty() || !isDigit(text.charAt(text.length() - 1))) {
      return NONE;
    }
    try {
      boolean isHex = text.startsWith("0x") || text.startsWith("0X");
      String digits = isHex ? text.substring(2) : text;
      return isDigit(digits.charAt(0)) ? Long.parseLong(digits, isHex ? 16 : 10) : NONE;
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return NONE;
    }
  }

  /** A decimal number with or without a sign, or 0. */
  static long parseSigned(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static boolean isDigit(char c) {
    return Character.digit(c, 16) >= 0 && c < 128;
  }
}
