package io.fairlead.probes;

/**
 * The newest block that an upstream has told of.
 *
 * @param number the height, 0 or more
 * @param hash {@code 0x} and 64 digits, or empty when only the height was seen
 * @param parentHash of the block before, or empty when it was not seen
 * @param timestampSeconds the block's own time since 1970, or {@link #UNKNOWN_TIME}
 */
public record Head(long number, String hash, String parentHash, long timestampSeconds) {
  /** Stands for a time that was not seen. */
  public static final long UNKNOWN_TIME = -1;

  /** Checks the height. */
  public Head {
    if (number < 0) {
      throw new IllegalArgumentException("number: " + number + " (expected: 0 or more)");
    }
  }

  /**
   * A head of which only the height is known.
   *
   * @param number the height
   * @return the head
   */
  public static Head ofNumber(long number) {
    return new Head(number, "", "", UNKNOWN_TIME);
  }

  /**
   * Whether the block's hash is known.
   *
   * @return false when only the height was seen
   */
  public boolean hasHash() {
    return !hash.isEmpty();
  }
}
