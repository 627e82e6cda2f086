package io.fairlead.gateway.verify;

import java.util.Arrays;

/**
 * The filter of 2048 bits by which a receipt tells which addresses and topics its logs have: each
 * sets three bits, taken from the first three pairs of bytes of its Keccak-256.
 *
 * <p>Source: Yellow Paper, 4.3.1. Thread-safety: confined to one thread.
 */
final class Bloom {
  private static final int BYTES = 256;

  private final byte[] bits = new byte[BYTES];

  void clear() {
    Arrays.fill(bits, (byte) 0);
  }

  /** Adds an address or a topic. */
  void add(byte[] entry) {
    byte[] hash = Hex.keccak(entry);
    for (int pair = 0; pair < 6; pair += 2) {
      int bit = ((hash[pair] & 0x07) << 8) | (hash[pair + 1] & 0xff);
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
