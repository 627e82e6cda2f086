package io.fairlead.gateway.upstream.socket;

import java.util.random.RandomGenerator;

/**
 * The masks of frames that go up.
 *
 * <p>RFC 6455, section 10.3, wants them to be such that nobody who has a say in the payload can
 * foretell them, and clients write the payloads here. So they come from a strong source, a thousand
 * bytes at a time, for a strong source costs more by the call than by the byte.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Masks {
  private static final int BLOCK_BYTES = 1024;

  private final RandomGenerator random;
  private final byte[] block = new byte[BLOCK_BYTES];
  private int used = BLOCK_BYTES;

  Masks(RandomGenerator random) {
    this.random = random;
  }

  int next() {
    if (used == BLOCK_BYTES) {
      random.nextBytes(block);
      used = 0;
    }
    int mask = 0;
    for (int end = used + Integer.BYTES; used < end; used++) {
      mask = (mask << Byte.SIZE) | (block[used] & 0xff);
    }
    return mask;
  }
}
