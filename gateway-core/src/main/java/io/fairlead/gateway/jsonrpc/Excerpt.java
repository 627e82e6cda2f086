package io.fairlead.gateway.jsonrpc;

import java.nio.charset.StandardCharsets;

/** The first bytes of one value, gathered while a {@link JsonWalker} passes over it. */
public final class Excerpt {
  /** Keeps nothing. */
  static final Excerpt NONE = new Excerpt(0);

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

  /** The text without its quotes. */
  String toText() {
    int start = isQuoted() ? 1 : 0;
    int end = length > 1 && isQuoted() && bytes[length - 1] == '"' ? length - 1 : length;
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** The whole number that is written, with or without quotes. */
  long toNumber() {
    String text = toText();
    if (text.isEmpty()) {
      return AnswerScanner.NO_CODE;
    }
    long value = 0;
    int start = text.charAt(0) == '-' ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || i - start > 17) {
        return AnswerScanner.NO_CODE;
      }
      value = value * 10 + c - '0';
    }
    if (start == text.length()) {
      return AnswerScanner.NO_CODE;
    }
    return start == 1 ? -value : value;
  }

  private boolean isQuoted() {
    return length > 0 && bytes[0] == '"';
  }
}
