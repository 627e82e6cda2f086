package io.fairlead.probes;

/**
 * Finds the oldest block of which an upstream holds a sort of data.
 *
 * <p><b>Idea.</b> Nodes prune from the oldest block upwards, so between a block that is known to be
 * gone and the head there is one place where "gone" turns into "there": bisection finds it. It
 * stops at {@link #CLOSE_BLOCKS} blocks, because the place moves while the node goes on pruning,
 * and gives the upper end, which is there.
 *
 * <p><b>Cost.</b> One question a step, ceil(log2(blocks / 16)): 21 for twenty million blocks.
 * <b>Failure.</b> An answer that says neither is asked for again; after {@link #MOST_UNCLEAR} of
 * them in a row the search is given up. Data with holes gives one of its edges.
 */
final class BoundSearch {
  private static final long CLOSE_BLOCKS = 16;
  private static final int MOST_UNCLEAR = 3;

  private long gone;
  private long there;
  private int unclear;

  /**
   * A search that has not begun.
   *
   * @param gone a block whose data is not there
   * @param head the newest block, taken for being there
   */
  BoundSearch(long gone, long head) {
    this.gone = gone;
    this.there = Math.max(gone + 1, head);
  }

  boolean isOver() {
    return there - gone <= CLOSE_BLOCKS || isGivenUp();
  }

  boolean isGivenUp() {
    return unclear >= MOST_UNCLEAR;
  }

  /** The block to ask for next. */
  long next() {
    return gone + (there - gone) / 2;
  }

  /** The answer for {@link #next}. */
  void onAnswer(DataSort.Word word) {
    long asked = next();
    switch (word) {
      case HELD -> there = asked;
      case LACKING -> gone = asked;
      case UNCLEAR -> {
        unclear++;
        return;
      }
      case NOT_OFFERED -> unclear = MOST_UNCLEAR;
    }
    if (word != DataSort.Word.NOT_OFFERED) {
      unclear = 0;
    }
  }

  /** The oldest block that is there, at most {@link #CLOSE_BLOCKS} too young. */
  long oldest() {
    return there;
  }
}
