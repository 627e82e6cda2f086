package io.fairlead.routing.sim.engine;

import io.fairlead.routing.time.NanoClock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen in a world, in the order of virtual time, and what time it is there.
 *
 * <p><b>Idea.</b> A heap of four children a node in parallel arrays. An event is an instant, a tag
 * and a subject; the tag carries the order in which events were added, so that those of one instant
 * happen in that order and a play is the same each time, and in its low bits the kind.
 *
 * <p><b>Cost.</b> O(log n); nothing is allocated for an event beyond growing the arrays. Four
 * children instead of two halve the depth, and the children share a cache line.
 *
 * <p><b>Deviation.</b> There is no removal: whoever scheduled what is no longer wanted recognises
 * it by its tag, or by the subject's state, when it comes up.
 *
 * <p>Thread-safety: none; the thread that plays.
 *
 * <p>Source: LaMarca and Ladner, "The influence of caches on the performance of heaps", 1996.
 */
final class Agenda implements NanoClock {
  private static final int KIND_BITS = 4;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;
  private static final int CHILDREN = 4;

  private long[] instants = new long[1024];
  private long[] tags = new long[1024];
  private @Nullable Object[] subjects = new @Nullable Object[1024];
  private int size;
  private long added;
  private long nowNanos;

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  /** Lets time pass; never backwards. */
  void advanceTo(long instantNanos) {
    nowNanos = instantNanos;
  }

  /**
   * Adds an event; gives its tag, which no other has.
   *
   * @param kind 0 to 15
   */
  long add(long instantNanos, int kind, Object subject) {
    if (size == instants.length) {
      grow();
    }
    long tag = added++ << KIND_BITS | kind;
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) / CHILDREN;
      if (instants[parent] <= instantNanos) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, instantNanos, tag, subject);
    return tag;
  }

  /** When the next event is; {@link Long#MAX_VALUE} if there is none. */
  long nextNanos() {
    return size == 0 ? Long.MAX_VALUE : instants[0];
  }

  /** The tag of the next event. */
  long nextTag() {
    return tags[0];
  }

  /** The kind that a tag was added with. */
  static int kindOf(long tag) {
    return (int) tag & KIND_MASK;
  }

  /** Takes out the next event; gives its subject. */
  Object remove() {
    Object first = subjects[0];
    size--;
    if (size > 0) {
      sink(instants[size], tags[size], subjects[size]);
    }
    subjects[size] = null;
    if (first == null) {
      throw new IllegalStateException("agenda: empty (expected: an event)");
    }
    return first;
  }

  private void sink(long instant, long tag, @Nullable Object subject) {
    int hole = 0;
    int child = 1;
    while (child < size) {
      int least = child;
      int end = Math.min(child + CHILDREN, size);
      for (int i = child + 1; i < end; i++) {
        if (isBefore(instants[i], tags[i], instants[least], tags[least])) {
          least = i;
        }
      }
      if (!isBefore(instants[least], tags[least], instant, tag)) {
        break;
      }
      move(least, hole);
      hole = least;
      child = hole * CHILDREN + 1;
    }
    put(hole, instant, tag, subject);
  }

  private static boolean isBefore(long instant, long tag, long otherInstant, long otherTag) {
    return instant < otherInstant || (instant == otherInstant && tag < otherTag);
  }

  private void move(int from, int to) {
    instants[to] = instants[from];
    tags[to] = tags[from];
    subjects[to] = subjects[from];
  }

  private void put(int at, long instant, long tag, @Nullable Object subject) {
    instants[at] = instant;
    tags[at] = tag;
    subjects[at] = subject;
  }

  private void grow() {
    int length = 2 * size;
    instants = Arrays.copyOf(instants, length);
    tags = Arrays.copyOf(tags, length);
    subjects = Arrays.copyOf(subjects, length);
  }
}
