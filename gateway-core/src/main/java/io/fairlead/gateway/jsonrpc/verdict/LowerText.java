package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.Excerpt;

/** The bytes of an error's text in lower case, without its quotes. */
final class LowerText {
  private final byte[] bytes;
  private final int length;

  LowerText(Excerpt excerpt) {
    byte[] from = excerpt.bytes();
    int start = excerpt.length() > 0 && from[0] == '"' ? 1 : 0;
    int end = excerpt.length();
    if (end > start + 1 && start == 1 && from[end - 1] == '"') {
      end--;
    }
    length = end - start;
    bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      byte b = from[start + i];
      bytes[i] = b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }
  }

  int length() {
    return length;
  }

  int indexOf(byte[] part, int from) {
    int last = length - part.length;
    for (int i = from; i <= last; i++) {
      int j = 0;
      while (j < part.length && bytes[i + j] == part[j]) {
        j++;
      }
      if (j == part.length) {
        return i;
      }
    }
    return -1;
  }
}
