package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.Excerpt;

/**
 * The bytes of an error's text in lower case, without its quotes.
 *
 * <p>A small set of the hashes of every three bytes in a row tells of most words that they are not
 * in the text, without looking for them: an error that fits no rule is compared with all of them.
 */
final class LowerText {
  private static final int SET_BITS = 1024;

  private final byte[] bytes;
  private final int length;
  private final long[] threes = new long[SET_BITS / Long.SIZE];

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
    for (int i = 0; i + 2 < length; i++) {
      int hash = hash(bytes, i);
      threes[hash / Long.SIZE] |= 1L << hash;
    }
  }

  /** The place of three bytes in the set. */
  static int hash(byte[] bytes, int at) {
    int three = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
    return (three * 0x9e3779b1) >>> 22;
  }

  /** Whether three bytes with this hash may be in the text. */
  boolean mayHave(int hash) {
    return (threes[hash / Long.SIZE] & 1L << hash) != 0;
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
