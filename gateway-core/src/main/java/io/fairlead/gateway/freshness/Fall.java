package io.fairlead.gateway.freshness;

/**
 * Notices that a chain has started over: for a while nobody stood as high any more as somebody
 * stood before.
 *
 * <p>Thread-safety: none; the control thread.
 */
final class Fall {
  private final long patienceNanos;
  private long peak = -1;
  private long sinceNanos;
  private boolean isFalling;

  Fall(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  /** Whether the fall to a height has lasted long enough to be believed; true once for a fall. */
  boolean isOver(long highest, long nowNanos) {
    if (highest >= peak) {
      peak = highest;
      isFalling = false;
      return false;
    }
    if (!isFalling) {
      isFalling = true;
      sinceNanos = nowNanos;
    }
    if (nowNanos - sinceNanos < patienceNanos) {
      return false;
    }
    peak = highest;
    isFalling = false;
    return true;
  }
}
