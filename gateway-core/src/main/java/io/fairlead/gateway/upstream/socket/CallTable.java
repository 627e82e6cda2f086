package io.fairlead.gateway.upstream.socket;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls on one connection that wait for their answers, by the numbers that they were sent
 * under.
 *
 * <p><b>Idea.</b> A number is a count of calls with the place in the table for its last digits in
 * base {@link #MOST}. So looking up is reading an array, and a place that is taken again has
 * another number: what comes late for the one before finds nobody.
 *
 * <p>Numbers begin at {@link #MOST} and stay below 2^53, which every node can hold, for longer than
 * a connection lasts.
 *
 * <p>Thread-safety: loop-confined.
 */
final class CallTable {
  /** The most that wait at once, a power of two. */
  static final int MOST = 128;

  private final ByteBufAllocator alloc;
  private final @Nullable SharedCall[] calls = new SharedCall[MOST];
  private final int[] free = new int[MOST];
  private int size;
  private long count;

  CallTable(ByteBufAllocator alloc) {
    this.alloc = alloc;
    for (int i = 0; i < MOST; i++) {
      free[i] = i;
    }
  }

  /** Makes the buffers of answers. */
  ByteBufAllocator alloc() {
    return alloc;
  }

  boolean isFull() {
    return size == MOST;
  }

  int size() {
    return size;
  }

  /** Takes a call in, there must be room; its number. */
  long add(SharedCall call) {
    int place = free[size++];
    calls[place] = call;
    return ++count * MOST + place;
  }

  /** Takes the call with a number out; null if there is none. */
  @Nullable SharedCall take(long number) {
    int place = (int) (number & (MOST - 1));
    SharedCall call = calls[place];
    if (call == null || call.number() != number) {
      return null;
    }
    calls[place] = null;
    free[--size] = place;
    return call;
  }

  /** All that wait, in no order. */
  List<SharedCall> all() {
    List<SharedCall> all = new ArrayList<>(size);
    for (SharedCall call : calls) {
      if (call != null) {
        all.add(call);
      }
    }
    return all;
  }
}
