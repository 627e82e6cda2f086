package io.fairlead.gateway.logs;

import io.netty.buffer.ByteBuf;

/**
 * Keeps count, piece by piece, of how deep in containers a JSON text is.
 *
 * <p>The text is trusted to be JSON. It is looked at through a window, for an array is read several
 * times faster than a buffer.
 *
 * <p>Thread-safety: none, confined to one event loop.
 */
final class JsonDepth {
  private final byte[] window;
  private int depth;
  private boolean inString;
  private boolean escaped;

  /**
   * At depth 0.
   *
   * @param window room for some KiB, shared by all of an event loop
   */
  JsonDepth(byte[] window) {
    this.window = window;
  }

  /** How many containers are open. */
  int depth() {
    return depth;
  }

  /** Notes that a container was opened. */
  void open() {
    depth++;
  }

  /**
   * Moves on until a container has been closed.
   *
   * @param text what comes next
   * @param from where to begin
   * @param downTo the depth at which to stop
   * @return the index after the bracket that brought the depth down to that, or -1 if none did
   */
  int close(ByteBuf text, int from, int downTo) {
    int end = text.writerIndex();
    for (int at = from; at < end; at += window.length) {
      int length = Math.min(window.length, end - at);
      text.getBytes(at, window, 0, length);
      int closed = closeInWindow(length, downTo);
      if (closed >= 0) {
        return at + closed;
      }
    }
    return -1;
  }

  private int closeInWindow(int length, int downTo) {
    int at = 0;
    while (at < length) {
      if (inString) {
        at = passString(at, length);
        continue;
      }
      byte b = window[at];
      at++;
      if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
        if (depth == downTo) {
          return at;
        }
      }
    }
    return -1;
  }

  private int passString(int from, int length) {
    int at = from;
    if (escaped) {
      escaped = false;
      at++;
    }
    while (at < length && window[at] != '"' && window[at] != '\\') {
      at++;
    }
    if (at >= length) {
      return length;
    }
    escaped = window[at] == '\\';
    inString = escaped;
    return at + 1;
  }
}
