package io.fairlead.routing.control;

import io.fairlead.routing.control.RoutingEvent.Kind;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tells of reorganisations, at most once in {@link #REST_NANOS}: what comes sooner is only counted
 * and said with the next, for on some chains the newest block is replaced all the time.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Reorganisations {
  /** The time between two events, in nanoseconds. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Announcer announcer;
  private long toldAtNanos;
  private boolean isTold;
  private int unsaid;
  private long deepestUnsaid;

  Reorganisations(Announcer announcer) {
    this.announcer = announcer;
  }

  /** Tells of a reorganisation, or counts it. */
  void onReorganised(long number, long depth, String blocks, long nowNanos) {
    if (isTold && nowNanos - toldAtNanos < REST_NANOS) {
      unsaid++;
      deepestUnsaid = Math.max(deepestUnsaid, depth);
      return;
    }
    isTold = true;
    toldAtNanos = nowNanos;
    announcer.chain(
        Kind.REORGANISED,
        String.format(
            Locale.ROOT, "from block %d on, %d deep: %s%s", number, depth, blocks, more()));
    unsaid = 0;
    deepestUnsaid = 0;
  }

  private String more() {
    return unsaid == 0
        ? ""
        : String.format(
            Locale.ROOT, "; %d more since the last event, up to %d deep", unsaid, deepestUnsaid);
  }
}
