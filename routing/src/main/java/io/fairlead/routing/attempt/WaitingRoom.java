package io.fairlead.routing.attempt;

import io.fairlead.routing.time.NanoClock;
import java.util.concurrent.TimeUnit;

/**
 * Where calls wait for which nobody has room at the moment.
 *
 * <p><b>Idea.</b> A burst, such as a batch of a hundred calls before a node that takes sixteen, is
 * over in a moment: to refuse half of it would be an error for nothing. Standing overload is never
 * over, and a queue in front of it only makes everybody late. What tells them apart is whether the
 * room has been empty lately: if it has, a call may stay for {@link #BURST_NANOS}; if not, for
 * {@link #OVERLOAD_NANOS} only, so that refusals are quick and the queue short.
 *
 * <p><b>Bounds.</b> At most {@link #MOST} calls wait. After overload has stood for {@code
 * BURST_NANOS}, no call waits longer than {@code OVERLOAD_NANOS}.
 *
 * <p><b>Cost.</b> O(1), nothing is allocated.
 *
 * <p><b>Deviation.</b> Controlled delay judges the time that packets spend in a queue and drops at
 * the head; here only who waits is asked, since what leaves for an upstream leaves by itself.
 *
 * <p>Thread-safety: none; confined to the event loop.
 *
 * <p>Source: Nichols and Jacobson, "Controlling Queue Delay", ACM Queue 2012; Maurer, "Fail at
 * Scale", ACM Queue 2015 (the time-out by whether the queue was empty).
 */
public final class WaitingRoom {
  /** The most calls that wait. */
  public static final int MOST = 2_048;

  /** How long a call of a burst may wait. */
  public static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a call may wait in standing overload. */
  public static final long OVERLOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final NanoClock clock;
  private int waiting;
  private long emptyAtNanos;

  /**
   * An empty room.
   *
   * @param clock the event loop's time
   */
  public WaitingRoom(NanoClock clock) {
    this.clock = clock;
    this.emptyAtNanos = clock.nanoTime();
  }

  /**
   * Lets a call in if there is room; it leaves by {@link #leave}.
   *
   * @return whether it is in
   */
  public boolean tryEnter() {
    if (waiting == 0) {
      emptyAtNanos = clock.nanoTime();
    }
    boolean isIn = waiting < MOST;
    waiting += isIn ? 1 : 0;
    return isIn;
  }

  /** A call that was let in goes, served or not. */
  public void leave() {
    if (waiting == 0) {
      throw new IllegalStateException("waiting: 0 (expected: the call that leaves)");
    }
    waiting--;
  }

  /**
   * Whether a call that is in may go on waiting.
   *
   * @param waitedNanos for how long it has waited
   * @return false if it is to be refused
   */
  public boolean mayStay(long waitedNanos) {
    boolean isBurst = clock.nanoTime() - emptyAtNanos < BURST_NANOS;
    return waitedNanos < (isBurst ? BURST_NANOS : OVERLOAD_NANOS);
  }
}
