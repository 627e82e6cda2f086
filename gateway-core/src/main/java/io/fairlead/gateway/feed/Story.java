package io.fairlead.gateway.feed;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest blocks that were told, each the parent of the next.
 *
 * <p>Thread-safety: confined to the home loop. Cost: one map entry a block, as many as the window.
 */
final class Story {
  private final int windowBlocks;
  private final ArrayDeque<Adopted> blocks = new ArrayDeque<>();
  private final Map<String, Adopted> byHash = new HashMap<>();
  private long version;

  Story(int windowBlocks) {
    this.windowBlocks = windowBlocks;
  }

  /** Another number after each change. */
  long version() {
    return version;
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** The newest block; there must be one. */
  Header tip() {
    return blocks.getLast().block();
  }

  /** A block that is in the story, or null. */
  @Nullable Adopted find(String hash) {
    return byHash.get(hash);
  }

  /** The oldest block that is remembered; there must be one. */
  Header first() {
    return blocks.getFirst().block();
  }

  /** Puts a block below the oldest one. */
  void prepend(Adopted block) {
    version++;
    blocks.addFirst(block);
    byHash.put(block.block().hash(), block);
  }

  /** Whether logs that were told of blocks above one of it are no longer remembered. */
  boolean hasForgottenAbove(Header block) {
    Iterator<Adopted> downwards = blocks.descendingIterator();
    for (Adopted at = downwards.next(); at.block().number() > block.number(); ) {
      if (at.state() == Adopted.Logs.FORGOTTEN) {
        return true;
      }
      at = downwards.next();
    }
    return false;
  }

  /** Appends a block; gives back the one that is forgotten for it, if any. */
  @Nullable Adopted append(Adopted block) {
    version++;
    blocks.addLast(block);
    byHash.put(block.block().hash(), block);
    if (blocks.size() <= windowBlocks) {
      return null;
    }
    Adopted oldest = blocks.removeFirst();
    byHash.remove(oldest.block().hash());
    return oldest;
  }

  /** Takes the newest block away. */
  Adopted removeTip() {
    version++;
    Adopted tip = blocks.removeLast();
    byHash.remove(tip.block().hash());
    return tip;
  }

  void clear() {
    version++;
    blocks.clear();
    byHash.clear();
  }
}
