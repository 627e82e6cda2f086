package io.fairlead.gateway.verify;

/**
 * A pseudo-random function of 128 bits under a secret key: SipHash-2-4 with a long result.
 *
 * <p>Written out here because answers are hashed by the byte: eight bytes at a time become a word,
 * and nothing is allocated. {@code KeyedHashTest} holds it to Bouncy Castle's.
 *
 * <p>Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012, and the
 * authors' reference for the long result. Thread-safety: confined to one thread.
 */
final class KeyedHash {
  static final int KEY_BYTES = 16;

  private static final long INIT_0 = 0x736f6d6570736575L;
  private static final long INIT_1 = 0x646f72616e646f6dL;
  private static final long INIT_2 = 0x6c7967656e657261L;
  private static final long INIT_3 = 0x7465646279746573L;
  private static final int LONG_RESULT = 0xee;
  private static final int SECOND_WORD = 0xdd;

  private final long key0;
  private final long key1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Bytes that are not a whole word yet, the first lowest, and how many bits they are. */
  private long word;

  private int bits;
  private int bytes;
  private long high;
  private long low;

  KeyedHash(byte[] key) {
    key0 = toLong(key, 0);
    key1 = toLong(key, 8);
    begin();
  }

  private static long toLong(byte[] from, int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (from[at + i] & 0xff);
    }
    return value;
  }

  private void begin() {
    v0 = key0 ^ INIT_0;
    v1 = key1 ^ INIT_1 ^ LONG_RESULT;
    v2 = key0 ^ INIT_2;
    v3 = key1 ^ INIT_3;
    word = 0;
    bits = 0;
    bytes = 0;
  }

  KeyedHash add(int b) {
    word |= (b & 0xffL) << bits;
    bits += 8;
    bytes++;
    if (bits == Long.SIZE) {
      takeWord();
    }
    return this;
  }

  /** Adds a number, its highest byte first. */
  KeyedHash add(long value) {
    long eight = Long.reverseBytes(value);
    int before = bits;
    word |= eight << before;
    bytes += 8;
    takeWord();
    word = before == 0 ? 0 : eight >>> (Long.SIZE - before);
    bits = before;
    return this;
  }

  /** Adds characters, those of ASCII in one byte. */
  KeyedHash add(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      addCharacter(text.charAt(i));
    }
    return this;
  }

  /** Adds characters, those of ASCII in one byte. */
  KeyedHash add(char[] text, int from, int to, boolean inSmallLetters) {
    for (int i = from; i < to; i++) {
      char c = text[i];
      boolean isCapital = inSmallLetters && c >= 'A' && c <= 'Z';
      addCharacter(isCapital ? (char) (c | 0x20) : c);
    }
    return this;
  }

  private void addCharacter(char c) {
    if (c < 0x80) {
      add(c);
    } else {
      add(0xff).add(c >>> 8).add(c);
    }
  }

  /** Ends one input; the result is in {@link #high} and {@link #low}, and the next one begins. */
  void end() {
    word |= (long) bytes << (Long.SIZE - 8);
    takeWord();
    v2 ^= LONG_RESULT;
    finishRounds();
    high = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= SECOND_WORD;
    finishRounds();
    low = v0 ^ v1 ^ v2 ^ v3;
    begin();
  }

  private void takeWord() {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
    word = 0;
    bits = 0;
  }

  private void finishRounds() {
    for (int i = 0; i < 4; i++) {
      round();
    }
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }
}
