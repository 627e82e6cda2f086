package io.fairlead.probes;

import java.util.Set;

/**
 * What a chain's failure domains agree on at one moment.
 *
 * @param latest the newest block's height, {@link #UNKNOWN} at first
 * @param safe the newest safe block's height, {@link #UNKNOWN} where nobody tells
 * @param finalized the newest final block's height, {@link #UNKNOWN} where nobody tells
 * @param blocks the last blocks by hash
 * @param astray the upstreams that were last seen on another branch
 */
public record AgreedHeads(
    long latest, long safe, long finalized, RecentBlocks blocks, Set<String> astray) {
  /** Stands for a height that is not known. */
  public static final long UNKNOWN = Quantity.NONE;

  /** Nothing is known. */
  public static final AgreedHeads NONE =
      new AgreedHeads(UNKNOWN, UNKNOWN, UNKNOWN, RecentBlocks.NONE, Set.of());

  /** Copies the set. */
  public AgreedHeads {
    astray = Set.copyOf(astray);
  }
}
