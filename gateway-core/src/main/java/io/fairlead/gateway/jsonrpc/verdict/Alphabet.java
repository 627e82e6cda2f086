package io.fairlead.gateway.jsonrpc.verdict;

import java.util.List;

/**
 * The few symbols that occur in phrases: each byte's, 0 for bytes in no phrase, and two of their
 * own for the beginning and the end of a text. Capital letters have the symbols of small ones.
 *
 * <p>Thread-safety: immutable.
 */
final class Alphabet {
  private static final int BYTES = 256;

  private final int[] symbols = new int[BYTES];
  private final int size;

  Alphabet(List<byte[]> phrases) {
    int count = 1;
    for (byte[] phrase : phrases) {
      for (byte b : phrase) {
        if (symbols[b & 0xff] == 0) {
          symbols[b & 0xff] = count++;
        }
      }
    }
    for (int b = 'A'; b <= 'Z'; b++) {
      symbols[b] = symbols[TextPattern.lower((byte) b)];
    }
    size = count + 2;
  }

  int size() {
    return size;
  }

  /** The symbol before a text's first byte. */
  int begin() {
    return size - 2;
  }

  /** The symbol after a text's last byte. */
  int end() {
    return size - 1;
  }

  int symbol(byte b) {
    return symbols[b & 0xff];
  }

  /** The symbols of words, with those of the text's beginning and end if they are tied to them. */
  int[] spell(byte[] words, boolean fromStart, boolean toEnd) {
    int before = fromStart ? 1 : 0;
    int[] spelt = new int[before + words.length + (toEnd ? 1 : 0)];
    spelt[0] = begin();
    for (int i = 0; i < words.length; i++) {
      spelt[before + i] = symbol(words[i]);
    }
    if (toEnd) {
      spelt[spelt.length - 1] = end();
    }
    return spelt;
  }
}
