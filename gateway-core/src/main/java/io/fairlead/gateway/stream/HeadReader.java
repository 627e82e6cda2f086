package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.Header;
import org.jspecify.annotations.Nullable;

/** Reads heads as nodes write them: of {@code newHeads}, or blocks. */
@FunctionalInterface
public interface HeadReader {
  /**
   * Reads a head.
   *
   * @param json what an upstream wrote
   * @return the head, or null if it is none
   */
  @Nullable Header read(String json);
}
