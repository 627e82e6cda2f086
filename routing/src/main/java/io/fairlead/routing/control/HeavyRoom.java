package io.fairlead.routing.control;

/**
 * How many heavy calls (logs, traces) an upstream gets at once before others are asked first.
 *
 * <p><b>Idea.</b> A handful of traces can take every worker of a node for seconds. Light calls then
 * wait behind them, in silence, and what they cost is known only when they end, long after the node
 * has been filled. So heavy calls in flight have a room of their own, within the limit of all: it
 * begins with a few, grows by one at each look at which light calls answer on time and it was in
 * use, and is cut to 0.7 of what is in flight when they answer late while it is in use. After a cut
 * a second passes before the next, since that is about what a heavy call takes to drain.
 *
 * <p><b>Bounds.</b> At least 6, which is also where it begins: fewer would keep heavy calls from
 * the upstreams that are quick with them, and even a small node has about as many workers. It only
 * makes an upstream hot for heavy calls: when everybody is, the one with most room takes the call.
 *
 * <p><b>Cost.</b> A few operations at each sample and look.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: Chiu and Jain 1989 (AIMD); bulkheads, M. Nygard, "Release It!", 2007.
 */
final class HeavyRoom {
  /** The first room and the least. */
  static final int FLOOR = 6;

  private static final double MOST = 1e6;
  private static final double IN_USE = 0.7;
  private static final double CUT = 0.7;
  private static final double SAMPLE_WEIGHT = 0.2;
  private static final long DRAIN_NANOS = 1_000_000_000L;

  private double room = FLOOR;
  private double mean;
  private int peak;
  private boolean hasBeenCut;
  private long cutAtNanos;

  /** Heavy attempts under way, from time to time. */
  void onInFlight(int count) {
    mean += SAMPLE_WEIGHT * (count - mean);
    peak = Math.max(peak, count);
  }

  /** Decides anew, knowing whether light calls answered late since the last look. */
  void review(boolean isLate, long nowNanos) {
    boolean isDraining = hasBeenCut && nowNanos - cutAtNanos < DRAIN_NANOS;
    if (!isLate && peak >= IN_USE * room) {
      room = Math.min(MOST, room + 1);
    } else if (isLate && mean >= IN_USE * room && !isDraining) {
      room = Math.max(FLOOR, CUT * Math.min(room, mean));
      hasBeenCut = true;
      cutAtNanos = nowNanos;
    }
    peak = 0;
  }

  /** How many. */
  int most() {
    return (int) room;
  }
}
