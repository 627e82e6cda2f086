package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Steps over parts of JSON text that a {@link JsonWalker} has found to be whole. */
public final class JsonSkip {
  private JsonSkip() {}

  /**
   * The bytes of a text.
   *
   * @param text ASCII
   * @return one byte a character
   */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Steps over white space.
   *
   * @param text JSON
   * @param at where to begin
   * @param end where the text ends
   * @return the index of the first byte at or after {@code at} that is no white space
   */
  public static int space(ByteBuf text, int at, int end) {
    int i = at;
    while (i < end && JsonWalker.isSpace(text.getByte(i))) {
      i++;
    }
    return i;
  }

  /**
   * Steps over a value.
   *
   * @param text JSON
   * @param at the index of its first byte
   * @param end where the text ends
   * @return the index after it
   */
  public static int value(ByteBuf text, int at, int end) {
    byte first = text.getByte(at);
    if (first == '"') {
      return string(text, at, end);
    }
    return first == '{' || first == '[' ? container(text, at, end) : scalar(text, at, end);
  }

  /**
   * Steps to the next key of an object.
   *
   * @param object JSON
   * @param at the index after the brace or after a value
   * @param end where the text ends
   * @return the index of the key's quote, or -1 if the object ends
   */
  public static int nextKey(ByteBuf object, int at, int end) {
    int i = at;
    while (i < end) {
      byte b = object.getByte(i);
      if (b == '"') {
        return i;
      }
      if (b == '}') {
        return -1;
      }
      i++;
    }
    return -1;
  }

  /**
   * Whether a string is a name, written without escapes.
   *
   * @param text JSON
   * @param start the index of the string's first quote
   * @param end the index after its last
   * @param name what it is compared with
   * @return true if they are alike
   */
  public static boolean isKey(ByteBuf text, int start, int end, byte[] name) {
    if (end - start - 2 != name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (text.getByte(start + 1 + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * A short name as one number, to compare with what {@link #pack(ByteBuf, int, int)} gives.
   *
   * @param name ASCII, at most eight characters
   * @return its bytes as one number
   */
  public static long pack(String name) {
    return JsonWalker.pack(name);
  }

  /**
   * A short string as one number.
   *
   * @param text JSON
   * @param start the index of its first byte, behind the quote
   * @param end the index of its last quote
   * @return its bytes as one number, or -1 if it has more than eight
   */
  public static long pack(ByteBuf text, int start, int end) {
    if (end - start > Long.BYTES) {
      return JsonString.LONG;
    }
    long packed = 0;
    for (int i = start; i < end; i++) {
      packed = (packed << 8) | text.getByte(i);
    }
    return packed;
  }

  private static int string(ByteBuf text, int at, int end) {
    int quote = text.indexOf(at + 1, end, (byte) '"');
    while (quote > 0 && isEscaped(text, at, quote)) {
      quote = text.indexOf(quote + 1, end, (byte) '"');
    }
    return quote < 0 ? end : quote + 1;
  }

  private static boolean isEscaped(ByteBuf text, int start, int quote) {
    int at = quote - 1;
    while (at > start && text.getByte(at) == '\\') {
      at--;
    }
    return (quote - at) % 2 == 0;
  }

  private static int container(ByteBuf text, int at, int end) {
    int depth = 0;
    int i = at;
    while (i < end) {
      byte b = text.getByte(i);
      if (b == '"') {
        i = string(text, i, end);
        continue;
      }
      i++;
      if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
        if (depth == 0) {
          return i;
        }
      }
    }
    return end;
  }

  private static int scalar(ByteBuf text, int at, int end) {
    int i = at;
    while (i < end && !isAfterScalar(text.getByte(i))) {
      i++;
    }
    return i;
  }

  private static boolean isAfterScalar(byte b) {
    return b == ',' || b == '}' || b == ']' || JsonWalker.isSpace(b);
  }
}
