package io.fairlead.gateway.feed;

import static io.fairlead.gateway.feed.FeedScene.block;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private final Upstream one = FakeNode.upstream("one", 0, "east");
  private final Upstream guest = FakeNode.upstream("guest", 1, "west");
  private final BlockPool pool = new BlockPool(4);

  private @Nullable Header find(Header block) {
    return pool.find(block.hash(), block.number());
  }

  @Test
  void aSourceHasRoomForSixtyFourBlocksAndDisplacesItsOwnOnly() {
    pool.onSaid(guest, false, block('g', 1));
    for (int n = 0; n <= 64; n++) {
      pool.onSaid(one, true, block('a', n));
    }
    assertNull(find(block('a', 0)));
    assertNotNull(find(block('a', 1)));
    assertNotNull(find(block('g', 1)));
  }

  @Test
  void fetchedBlocksHaveTheRoomTheyAreGiven() {
    for (int n = 0; n <= 4; n++) {
      pool.onFetched(block('a', n));
    }
    assertNull(find(block('a', 0)));
    assertNotNull(find(block('a', 1)));
  }

  @Test
  void whatASourceSaidIsForgottenWithIt() {
    pool.onSaid(one, true, block('a', 1));
    pool.onSaid(guest, false, block('b', 1));
    pool.onGone(one);
    pool.onGone(guest);
    assertNull(find(block('a', 1)));
    assertNull(find(block('b', 1)));
  }

  @Test
  void whatWasFetchedGoesBeforeWhatATrustedSourceSaidAndThatBeforeCommunity() {
    Header said = block('a', 1);
    Header trusted = block('a', 1);
    Header fetched = block('a', 1);
    pool.onSaid(guest, false, said);
    assertSame(said, find(said));
    pool.onSaid(one, true, trusted);
    assertSame(trusted, find(said));
    pool.onFetched(fetched);
    assertSame(fetched, find(said));
  }

  @Test
  void aBlockAtAnotherHeightIsAnother() {
    pool.onSaid(one, true, block('a', 1));
    assertNull(pool.find(block('a', 1).hash(), 2));
  }
}
