package io.fairlead.gateway.feed;

import java.time.Duration;
import java.util.Set;

/**
 * What a story goes by.
 *
 * @param community ids of the upstreams whose word alone does not count
 * @param usualBlockTime between two blocks, as the chain is said to have it, more than 0
 * @param gapBlocks how many missing blocks are still fetched, 1 or more; beyond that the story is
 *     lost
 * @param windowBlocks how many of the newest blocks are remembered, more than {@code gapBlocks}; a
 *     reorganisation that goes deeper loses the story
 * @param keptLogBytes how many bytes of logs are remembered for the case that their blocks leave
 *     the chain, 0 or more
 */
public record FeedSettings(
    Set<String> community,
    Duration usualBlockTime,
    int gapBlocks,
    int windowBlocks,
    long keptLogBytes) {
  /** Copies and checks. */
  public FeedSettings {
    community = Set.copyOf(community);
    if (usualBlockTime.isNegative() || usualBlockTime.isZero()) {
      throw new IllegalArgumentException(
          "usualBlockTime: " + usualBlockTime + " (expected: more than 0)");
    }
    require("gapBlocks", gapBlocks, 1);
    require("windowBlocks", windowBlocks, gapBlocks + 1L);
    require("keptLogBytes", keptLogBytes, 0);
  }

  /**
   * The usual bounds: gaps of 1,024 blocks, 1,280 remembered blocks, 64 MiB of logs.
   *
   * @param community ids of the upstreams whose word alone does not count
   * @param usualBlockTime between two blocks, more than 0
   */
  public static FeedSettings of(Set<String> community, Duration usualBlockTime) {
    return new FeedSettings(community, usualBlockTime, 1024, 1280, 64L << 20);
  }

  private static void require(String field, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          field + ": " + value + " (expected: " + least + " or more)");
    }
  }
}
