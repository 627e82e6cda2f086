package io.fairlead.gateway.control;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Something that an upstream is known to lack, so that calls that need it go elsewhere.
 *
 * @param sort of what
 * @param name the kind of data, such as {@code state}, or the method as a client wrote it
 * @param oldestBlocks the oldest block of which it holds the data; empty if it holds none, and for
 *     a method
 * @param left for how long that is believed; then the upstream is tried again
 */
public record KnownGap(Sort sort, String name, OptionalLong oldestBlocks, Duration left) {
  /** What can be lacking. */
  public enum Sort {
    /** A kind of data, before some block. */
    DATA,
    /** A method. */
    METHOD
  }

  /** A gap. */
  public KnownGap {
    if (left.isNegative()) {
      throw new IllegalArgumentException("left: " + left + " (expected: 0 or more)");
    }
  }
}
