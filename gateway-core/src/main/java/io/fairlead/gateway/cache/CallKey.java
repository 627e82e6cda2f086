package io.fairlead.gateway.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The canonical bytes of a call: two calls with equal keys ask the same of the same chain.
 *
 * <p>Keys are compared byte by byte, so a collision of hashes costs time and never gives a wrong
 * answer. They are ordered, because a hash map keeps colliding keys that are ordered in a tree: who
 * makes keys collide on purpose gains nothing.
 *
 * <p>Thread-safety: immutable.
 */
final class CallKey implements Comparable<CallKey> {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
  private static final int OVERHEAD_BYTES = 48;

  private final byte[] bytes;
  private final int hash;

  /**
   * A key.
   *
   * @param bytes what it consists of; taken over
   */
  CallKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = hash(bytes);
  }

  private static int hash(byte[] bytes) {
    long mixed = bytes.length;
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      mixed = mix(mixed, (long) WORDS.get(bytes, i));
    }
    long rest = 0;
    for (; i < bytes.length; i++) {
      rest = (rest << 8) | (bytes[i] & 0xff);
    }
    mixed = mix(mixed, rest);
    return (int) (mixed ^ (mixed >>> 32));
  }

  private static long mix(long state, long word) {
    long product = (state ^ word) * MULTIPLIER;
    return product ^ (product >>> 29);
  }

  /** What it takes in memory, in bytes. */
  int sizeBytes() {
    return bytes.length + OVERHEAD_BYTES;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof CallKey key && hash == key.hash && Arrays.equals(bytes, key.bytes));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(CallKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "key of " + bytes.length + " bytes";
  }
}
