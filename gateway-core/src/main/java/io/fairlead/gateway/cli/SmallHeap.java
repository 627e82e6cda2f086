package io.fairlead.gateway.cli;

import java.util.function.LongSupplier;

/**
 * Keeps the heap of a sidecar from growing to its limit.
 *
 * <p>The serial collector lets the old generation grow as long as it may before it collects it, and
 * what it has grown by stays resident. The limit has to leave room for unusual loads. So a heap
 * that has grown beyond what usual ones need is collected early, which takes as long as it would
 * have taken later, and gives back what it has too much. If what lives needs more, the mark moves
 * up.
 *
 * <p>Thread-safety: confined to the thread that looks.
 */
final class SmallHeap {
  /** A sidecar's usual heap, 10 MiB alive, with what is collected in a minute or two. */
  static final long USUAL_BYTES = 14L << 20;

  private static final long STEP_BYTES = 3L << 19;

  private final LongSupplier size;
  private final Runnable collector;
  private long markBytes = USUAL_BYTES;

  /**
   * Looks after a heap.
   *
   * @param size what it takes now, in bytes
   * @param collector collects all of it and gives back what is too much
   */
  SmallHeap(LongSupplier size, Runnable collector) {
    this.size = size;
    this.collector = collector;
  }

  /** Collects the heap if it has grown beyond the mark; to be called every few seconds. */
  void look() {
    if (size.getAsLong() > markBytes) {
      collector.run();
      markBytes = Math.max(USUAL_BYTES, size.getAsLong() + STEP_BYTES);
    }
  }
}
