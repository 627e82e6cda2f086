package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.ChainView;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.RecentBlocks;
import org.jspecify.annotations.Nullable;

/**
 * What failure domains agree on, as the cache sees it.
 *
 * @param heads what they agree on
 */
record AgreedView(AgreedHeads heads) implements ChainView {
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
