package io.fairlead.gateway.filter;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a client has asked to be told of, and how far it was told.
 *
 * <p>Thread-safety: {@link #tryBegin} hands it to one poll at a time, with everything that the poll
 * before wrote; only that poll may touch the rest.
 */
abstract class Filter {
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long usedNanos;

  Filter(long nowNanos) {
    usedNanos = nowNanos;
  }

  /** Takes it for a poll; false while another poll has it. */
  final boolean tryBegin(long nowNanos) {
    usedNanos = nowNanos;
    return busy.compareAndSet(false, true);
  }

  /** Gives it back. */
  final void end() {
    busy.set(false);
  }

  /** Whether nobody has used it for so long. */
  final boolean isIdle(long nowNanos, long idleNanos) {
    return nowNanos - usedNanos > idleNanos && !busy.get();
  }

  /** About how much memory it takes at the most, in bytes. */
  abstract int weightBytes();
}
