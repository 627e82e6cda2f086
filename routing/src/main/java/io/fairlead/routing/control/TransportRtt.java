package io.fairlead.routing.control;

/**
 * The round trip that an upstream's connections show: the least sample of the last half minute to
 * minute.
 *
 * <p>Samples are what opening a connection took, and the kernel's smoothed round trip of open ones
 * (RFC 6298). Both only err upwards: a busy event loop is late to see that a connection opened, and
 * the smoothed value holds the peer's delayed acknowledgements (RFC 1122, 4.2.3.2) whenever an
 * answer takes longer than those wait. So the least of several is nearest to the truth, and a
 * window lets go of a path that is no longer taken. It is the way to where the connection ends,
 * which may be an edge far before the node.
 *
 * <p>Cost: two numbers; the window moves in halves. Thread-safety: none; control loop only.
 */
final class TransportRtt {
  static final long HALF_NANOS = 30_000_000_000L;

  private double previousNanos = Double.NaN;
  private double currentNanos = Double.NaN;
  private long sinceNanos;

  void add(long rttNanos, long nowNanos) {
    if (Double.isNaN(currentNanos)) {
      sinceNanos = nowNanos;
      currentNanos = rttNanos;
    } else if (nowNanos - sinceNanos >= HALF_NANOS) {
      previousNanos = nowNanos - sinceNanos < 2 * HALF_NANOS ? currentNanos : Double.NaN;
      sinceNanos = nowNanos;
      currentNanos = rttNanos;
    } else {
      currentNanos = Math.min(currentNanos, (double) rttNanos);
    }
  }

  /** The least of the window, in nanoseconds; NaN before the first sample. */
  double leastNanos() {
    return Double.isNaN(previousNanos) ? currentNanos : Math.min(previousNanos, currentNanos);
  }
}
