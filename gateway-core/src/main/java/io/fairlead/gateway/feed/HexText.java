package io.fairlead.gateway.feed;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import java.util.Locale;

/** Hexadecimal text: {@code 0x} and digits. Thread-safety: safe, no state. */
final class HexText {
  private static final int MOST_QUANTITY_DIGITS = 16;

  private HexText() {}

  /** Whether a text is {@code 0x} and so many digits. */
  static boolean isHex(String text, int digits) {
    return text.length() == 2 + digits && isHex(text);
  }

  private static boolean isHex(String text) {
    if (!text.startsWith("0x") && !text.startsWith("0X")) {
      return false;
    }
    for (int i = 2; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || HexQuantity.digit((byte) text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The number that is written, -1 if it is none below 2^63. */
  static long quantity(String text) {
    int digits = text.length() - 2;
    if (digits < 1 || digits > MOST_QUANTITY_DIGITS || !isHex(text)) {
      return -1;
    }
    return Math.max(-1, Long.parseUnsignedLong(text, 2, text.length(), 16));
  }
}
