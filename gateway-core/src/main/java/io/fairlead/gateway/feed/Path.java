package io.fairlead.gateway.feed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a head back towards the story, as far as it is known.
 *
 * @param blocks from the head on downwards, each the child of the next; empty if the head is in the
 *     story
 * @param ancestor the story's block that the last of them follows, or that the head is; null if the
 *     way does not get there (yet)
 * @param isTooFar whether it cannot get there within the bounds
 */
record Path(List<Header> blocks, @Nullable Adopted ancestor, boolean isTooFar) {
  static final Path NONE = new Path(List.of(), null, false);

  /** Whether it leads from outside of the story into it. */
  boolean leads() {
    return ancestor != null && !blocks.isEmpty();
  }

  /** Whether the next block of it is to be fetched. */
  boolean isOpen() {
    return ancestor == null && !isTooFar && !blocks.isEmpty();
  }

  /** The newest block; there must be one. */
  Header head() {
    return blocks.get(0);
  }

  /** The oldest block that is known; there must be one. */
  Header foot() {
    return blocks.get(blocks.size() - 1);
  }

  /** Where it meets the story; it must. */
  Header joint() {
    Adopted at = ancestor;
    if (at == null) {
      throw new IllegalStateException("ancestor: none (expected: a way that leads)");
    }
    return at.block();
  }

  /** Whether a block lies on it. */
  boolean passes(Header block) {
    long at = blocks.isEmpty() ? -1 : head().number() - block.number();
    return at >= 0 && at < blocks.size() && blocks.get((int) at).hash().equals(block.hash());
  }

  /** Whether a block with this hash and this parent lies on it. */
  boolean passesAsSaid(Header block) {
    int at = blocks.isEmpty() ? -1 : (int) (head().number() - block.number());
    return passes(block) && blocks.get(at).parentHash().equals(block.parentHash());
  }

  /** Finds the way; the story must have a block. */
  static Path of(Seat seat, Story story, BlockPool pool, FeedSettings bounds) {
    Adopted told = story.find(seat.said().hash());
    if (told != null) {
      return new Path(List.of(), told, false);
    }
    List<Header> blocks = new ArrayList<>();
    Header at = pool.shown(seat);
    blocks.add(at);
    long lowest = story.tip().number() - bounds.windowBlocks();
    if (at.number() - story.tip().number() > bounds.gapBlocks()) {
      return new Path(blocks, null, true);
    }
    while (at.number() > Math.max(0, lowest)) {
      Adopted ancestor = story.find(at.parentHash());
      if (ancestor != null && ancestor.block().number() == at.number() - 1) {
        return new Path(blocks, ancestor, false);
      }
      Header parent = pool.find(at.parentHash(), at.number() - 1);
      if (parent == null) {
        return new Path(blocks, null, false);
      }
      blocks.add(parent);
      at = parent;
    }
    return new Path(blocks, null, true);
  }
}
