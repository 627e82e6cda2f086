package io.fairlead.gateway.verify;

import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A pseudo-random function of 128 bits under a secret key: SipHash-2-4 with a long result.
 *
 * <p>Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012. Thread-safety:
 * confined to one thread.
 */
final class KeyedHash {
  static final int KEY_BYTES = 16;

  private final SipHash128 mac = new SipHash128();
  private final byte[] out = new byte[16];
  private long high;
  private long low;

  KeyedHash(byte[] key) {
    mac.init(new KeyParameter(key));
  }

  KeyedHash add(int b) {
    mac.update((byte) b);
    return this;
  }

  KeyedHash add(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      mac.update((byte) (value >>> shift));
    }
    return this;
  }

  /** Adds characters, those of ASCII in one byte. */
  KeyedHash add(char[] text, int from, int to, boolean inSmallLetters) {
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c < 0x80) {
        boolean isCapital = inSmallLetters && c >= 'A' && c <= 'Z';
        mac.update((byte) (isCapital ? c | 0x20 : c));
      } else {
        mac.update((byte) 0xff);
        mac.update((byte) (c >>> 8));
        mac.update((byte) c);
      }
    }
    return this;
  }

  /** Ends one input; the result is in {@link #high} and {@link #low}. */
  void end() {
    mac.doFinal(out, 0);
    high = toLong(0);
    low = toLong(8);
  }

  private long toLong(int at) {
    long value = 0;
    for (int i = at; i < at + 8; i++) {
      value = (value << 8) | (out[i] & 0xff);
    }
    return value;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }
}
