package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.RecentBlocks;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What failure domains agree on, as the cache sees it.
 *
 * @param heads what they agree on
 */
record AgreedView(AgreedHeads heads) implements ChainView {
  /**
   * Tells a cache what is agreed now. An upstream that is found on another branch has perhaps been
   * there for a while, and what it said of the state at a height was taken for the chain's: what
   * was kept of blocks that are not final falls then, too.
   *
   * @param cache whom to tell
   * @param before what was agreed before
   */
  void tell(ChainCache cache, ChainView before) {
    Set<String> known = before instanceof AgreedView view ? view.heads.astray() : Set.of();
    if (!known.containsAll(heads.astray())) {
      cache.onReorganised();
    }
    cache.onView();
  }

  @Override
  public long headNumber() {
    return heads.latest();
  }

  @Override
  public @Nullable String headHash() {
    return heads.blocks().at(heads.latest());
  }

  @Override
  public long finalizedNumber() {
    return heads.finalized();
  }

  @Override
  public @Nullable String hashOf(long number) {
    return number > heads.latest() ? null : heads.blocks().at(number);
  }

  @Override
  public long numberOf(String hash) {
    RecentBlocks blocks = heads.blocks();
    for (long number = heads.latest(); number >= blocks.first(); number--) {
      if (hash.equalsIgnoreCase(blocks.at(number))) {
        return number;
      }
    }
    return UNKNOWN;
  }
}
