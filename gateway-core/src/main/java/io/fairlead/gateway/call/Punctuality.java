package io.fairlead.gateway.call;

/**
 * Whether a loop that was to look at something at an instant did so in time.
 *
 * <p>A loop that stood still for a while, in a long task or for want of a processor, comes to its
 * timers before it has read what arrived meanwhile: everything in flight looks silent, and a sound
 * domain would be convicted for the loop's own fault. So a late look is put off once, by which time
 * the loop has read its sockets; the second is taken however late, for deadlines must hold.
 *
 * <p>Thread-safety: confined to the loop.
 */
final class Punctuality {
  private static final long TOLERANCE_NANOS = 10_000_000;

  private long dueNanos;
  private boolean isPutOff;

  void expect(long nextNanos) {
    dueNanos = nextNanos;
  }

  /** Whether to look now; if not, soon again. */
  boolean tryLook(long nowNanos) {
    isPutOff = !isPutOff && nowNanos - dueNanos > TOLERANCE_NANOS;
    return !isPutOff;
  }
}
