package io.fairlead.gateway.feed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a head back towards the story, as far as it is known.
 *
 * <p>A way that is open grows at its foot from look to look, so that a long gap is walked once.
 *
 * @param blocks from the head on downwards, each the child of the next; empty if the head is in the
 *     story
 * @param ancestor the story's block that the last of them follows, or that the head is; null if the
 *     way does not get there (yet)
 * @param isTooFar whether it cannot get there within the bounds
 * @param version of the story that was looked at
 */
record Path(List<Header> blocks, @Nullable Adopted ancestor, boolean isTooFar, long version) {
  static final Path NONE = new Path(List.of(), null, false, -1);

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

  /** Finds the way from a source's head; the story must have a block. */
  static Path of(Seat seat, Story story, BlockPool pool, FeedSettings bounds) {
    Adopted told = story.find(seat.said().hash());
    if (told != null) {
      return new Path(List.of(), told, false, story.version());
    }
    Header head = pool.shown(seat);
    if (head.number() - story.tip().number() > bounds.gapBlocks()) {
      return new Path(List.of(head), null, true, story.version());
    }
    long lowest = Math.max(0, story.tip().number() - bounds.windowBlocks());
    return seat.path().begun(head, story).goOn(story, pool, lowest);
  }

  /**
   * What is known of the way by the last look if it was the same way. The lowest block is looked
   * for again, as it may have been fetched meanwhile because it was doubted.
   */
  private Path begun(Header head, Story story) {
    if (!isOpen() || head() != head || version != story.version()) {
      List<Header> blocks = new ArrayList<>();
      blocks.add(head);
      return new Path(blocks, null, false, story.version());
    }
    if (blocks.size() > 1) {
      blocks.remove(blocks.size() - 1);
    }
    return this;
  }

  private Path goOn(Story story, BlockPool pool, long lowest) {
    for (Header at = foot(); at.number() > lowest; at = foot()) {
      Adopted joint = story.find(at.parentHash());
      if (joint != null && joint.block().number() == at.number() - 1) {
        return new Path(blocks, joint, false, version);
      }
      Header parent = pool.find(at.parentHash(), at.number() - 1);
      if (parent == null) {
        return this;
      }
      blocks.add(parent);
    }
    return new Path(blocks, null, true, version);
  }
}
