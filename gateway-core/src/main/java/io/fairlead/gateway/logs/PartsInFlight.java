package io.fairlead.gateway.logs;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many parts of all queries of a chain are asked for at the same time, by event loop.
 *
 * <p>A query may always have one part in flight, or it would stand still; further ones only while
 * there is room. So there are never more than {@link #MOST_PER_LOOP} and one for each query.
 *
 * <p>Thread-safety: each loop uses its own count.
 */
final class PartsInFlight {
  /** From so many on no query gets a second part. */
  static final int MOST_PER_LOOP = 64;

  private final AtomicIntegerArray byLoop;

  PartsInFlight(int loops) {
    byLoop = new AtomicIntegerArray(loops);
  }

  boolean hasRoom(int loop, int parts) {
    return byLoop.getPlain(loop) + parts <= MOST_PER_LOOP;
  }

  void add(int loop, int parts) {
    byLoop.setPlain(loop, byLoop.getPlain(loop) + parts);
  }

  /** How many there are on a loop. */
  int count(int loop) {
    return byLoop.get(loop);
  }
}
