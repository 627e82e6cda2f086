package io.fairlead.probes;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which block is the chain's at each of the last heights, as far as that is known.
 *
 * <p>Thread-safety: immutable.
 */
public final class RecentBlocks {
  /** No height is known. */
  public static final RecentBlocks NONE = new RecentBlocks(0, new String[0]);

  private final long first;
  private final @Nullable String[] hashes;

  /**
   * Blocks at heights without a gap.
   *
   * @param first the lowest height
   * @param hashes from there upwards, null where the block is not known; copied
   */
  public RecentBlocks(long first, @Nullable String[] hashes) {
    this.first = first;
    this.hashes = Arrays.copyOf(hashes, hashes.length);
  }

  /**
   * The chain's block at a height.
   *
   * @param number the height
   * @return its hash, or null if it is not known
   */
  public @Nullable String at(long number) {
    long index = number - first;
    return index >= 0 && index < hashes.length ? hashes[(int) index] : null;
  }

  /** The lowest height that may be known. */
  public long first() {
    return first;
  }

  /** How many heights there are from {@link #first} on. */
  public int size() {
    return hashes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecentBlocks that
        && first == that.first
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first) * 31 + Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return hashes.length + " from " + first;
  }
}
