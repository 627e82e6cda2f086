package io.fairlead.gateway.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How far along the chain a filter is, and the blocks by which a change of the chain behind that
 * point can be noticed and traced back.
 *
 * <p>Bounds: the last {@link #MOST_BLOCKS} blocks at which it stood. A reorganisation that reaches
 * behind the oldest of them is taken to reach only that far.
 *
 * <p>Thread-safety: none; see {@link Filter}.
 */
final class ChainPosition {
  static final int MOST_BLOCKS = 64;

  private final ArrayDeque<BlockRef> stations = new ArrayDeque<>();

  ChainPosition(BlockRef start) {
    stations.addLast(start);
  }

  /** The last block that the client was told of, or that had nothing to tell. */
  BlockRef block() {
    return stations.getLast();
  }

  /** Where it stood, the newest first. */
  Iterator<BlockRef> newestFirst() {
    return stations.descendingIterator();
  }

  /** Goes back to a station and on to later blocks. */
  void move(BlockRef ancestor, Iterable<BlockRef> on) {
    while (stations.size() > 1 && stations.getLast().number() > ancestor.number()) {
      stations.removeLast();
    }
    on.forEach(stations::addLast);
    while (stations.size() > MOST_BLOCKS) {
      stations.removeFirst();
    }
  }

  /** Forgets the stations before a block, for what was told of blocks up to there is forgotten. */
  void forgetBefore(long number) {
    while (stations.size() > 1 && stations.getFirst().number() < number) {
      stations.removeFirst();
    }
  }

  /** For tests. */
  Deque<BlockRef> stations() {
    return stations;
  }
}
