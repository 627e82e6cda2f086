package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;

/** Hexadecimal numbers as Ethereum nodes write them: {@code 0x} and digits. */
public final class HexQuantity {
  private static final int MAX_DIGITS = 16;

  private HexQuantity() {}

  /**
   * Reads a number.
   *
   * @param buffer where it stands
   * @param start the index of its {@code 0}
   * @param length the number of bytes from there
   * @return the number, or -1 if the bytes are no number below 2^63
   */
  public static long parse(ByteBuf buffer, int start, int length) {
    if (length < 3 || buffer.getByte(start) != '0' || (buffer.getByte(start + 1) | 0x20) != 'x') {
      return -1;
    }
    int at = start + 2;
    int end = start + length;
    while (at < end - 1 && buffer.getByte(at) == '0') {
      at++;
    }
    if (end - at > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    while (at < end) {
      int digit = digit(buffer.getByte(at));
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
      at++;
    }
    return Math.max(value, -1);
  }

  /**
   * The worth of a digit.
   *
   * @param b an ASCII character
   * @return 0 to 15, or -1 if it is no hexadecimal digit
   */
  public static int digit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
