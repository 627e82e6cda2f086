package io.fairlead.gateway.jsonrpc;

import java.nio.charset.StandardCharsets;

/** The first bytes of one value, gathered while a {@link JsonWalker} passes over it. */
public final class Excerpt {
  /** Keeps nothing. */
  static final Excerpt NONE = new Excerpt(0);

  private static final int MAX_DIGITS = 18;

  private final int limit;
  private byte[] bytes = new byte[0];
  private int length;
  private long next;

  Excerpt(int limit) {
    this.limit = limit;
  }

  void clear() {
    length = 0;
    next = -1;
  }

  /** The value begins at an offset of the present window. */
  void beginAt(long at) {
    if (bytes.length < limit) {
      bytes = new byte[limit];
    }
    length = 0;
    next = at;
  }

  /** Takes what the present window holds of the value up to an offset. */
  void endAt(JsonWalker walker, long end) {
    if (length < limit && next >= 0 && next < end) {
      length += walker.copyWindow(next, end, bytes, length);
      next = end;
    }
  }

  boolean isFull() {
    return length == limit;
  }

  /**
   * The bytes.
   *
   * @return the excerpt's own array, {@link #length()} bytes of which count until the next answer
   */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * How many bytes there are.
   *
   * @return 0 if there was no such value
   */
  public int length() {
    return length;
  }

  /**
   * Where the text begins.
   *
   * @return 1 after a quote, else 0
   */
  public int textStart() {
    return length > 0 && bytes[0] == '"' ? 1 : 0;
  }

  /**
   * Where the text ends, or what was kept of it.
   *
   * @return the index after its last byte, the closing quote left out
   */
  public int textEnd() {
    return length > 1 && bytes[0] == '"' && bytes[length - 1] == '"' ? length - 1 : length;
  }

  /** The text without its quotes. */
  String toText() {
    return new String(bytes, textStart(), textEnd() - textStart(), StandardCharsets.UTF_8);
  }

  /** The whole number that is written, with or without quotes. */
  long toNumber() {
    int end = textEnd();
    int at = textStart();
    boolean isNegative = at < end && bytes[at] == '-';
    int start = isNegative ? at + 1 : at;
    if (start == end || end - start > MAX_DIGITS) {
      return AnswerScanner.NO_CODE;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      byte digit = bytes[i];
      if (digit < '0' || digit > '9') {
        return AnswerScanner.NO_CODE;
      }
      value = value * 10 + digit - '0';
    }
    return isNegative ? -value : value;
  }
}
