package io.fairlead.gateway.verify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The filter of 2048 bits by which a receipt tells which addresses and topics its logs have: each
 * sets three bits, taken from the first three pairs of bytes of its Keccak-256.
 *
 * <p>The same addresses and first topics come again and again in one answer, so the bits of some
 * entries that were met lately are remembered.
 *
 * <p>Source: Yellow Paper, 4.3.1. Thread-safety: confined to one thread.
 */
final class Bloom {
  private static final int BYTES = 256;

  /** Entries remembered, by the hash of their text; a power of two. */
  private static final int REMEMBERED = 64;

  private static final int BIT_BITS = 11;

  private final byte[] bits = new byte[BYTES];
  private @Nullable String[] texts = new @Nullable String[0];
  private long[] places = new long[0];

  void clear() {
    Arrays.fill(bits, (byte) 0);
  }

  /** Adds an address or a topic as it is written; what is no hexadecimal text adds nothing. */
  void add(String text) {
    if (texts.length == 0) {
      texts = new @Nullable String[REMEMBERED];
      places = new long[REMEMBERED];
    }
    int slot = text.hashCode() & (REMEMBERED - 1);
    if (!text.equals(texts[slot])) {
      byte[] entry = Hex.bytes(text);
      if (entry == null) {
        return;
      }
      texts[slot] = text;
      places[slot] = places(Hex.keccak(entry));
    }
    set(places[slot]);
  }

  /** The three bits of a hash, eleven bits of a number each. */
  private static long places(byte[] hash) {
    long places = 0;
    for (int pair = 4; pair >= 0; pair -= 2) {
      places = places << BIT_BITS | (hash[pair] & 0x07) << 8 | (hash[pair + 1] & 0xff);
    }
    return places;
  }

  private void set(long places) {
    for (int i = 0; i < 3; i++) {
      int bit = (int) (places >>> (i * BIT_BITS)) & ((1 << BIT_BITS) - 1);
      bits[BYTES - 1 - bit / 8] |= (byte) (1 << (bit % 8));
    }
  }

  boolean isEmpty() {
    for (byte b : bits) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  boolean isLike(byte[] said) {
    return Arrays.equals(bits, said);
  }
}
