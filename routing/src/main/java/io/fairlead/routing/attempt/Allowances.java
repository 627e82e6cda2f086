package io.fairlead.routing.attempt;

import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.time.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one chain on one event loop may spend on attempts beyond the first, and on
 * waiting for the first.
 *
 * <p>Retries and hedges draw on a {@link Budget} each. A rescue is paid by the room that the other
 * upstreams have at that moment, and by the retry budget when there is none: a thousand calls that
 * a black hole swallowed leave it at once if the rest can carry them, and not as a second failure
 * of the rest if it cannot.
 *
 * <p>Thread-safety: none; confined to the event loop.
 */
public final class Allowances {
  private static final long COUNTED_NANOS = 10_000_000L;

  private final Budget retries;
  private final Budget hedges;
  private final NanoClock clock;
  private final WaitingRoom waitingRoom;
  private @Nullable RoutingTable counted;
  private long countedAtNanos;
  private long room;

  /**
   * Allowances.
   *
   * @param retries pays for attempts after a failure
   * @param hedges pays for attempts beside a slow one
   * @param clock the event loop's time
   */
  public Allowances(Budget retries, Budget hedges, NanoClock clock) {
    this.retries = retries;
    this.hedges = hedges;
    this.clock = clock;
    this.waitingRoom = new WaitingRoom(clock);
  }

  /** Where calls wait for which nobody has room. */
  public WaitingRoom waitingRoom() {
    return waitingRoom;
  }

  /** A call begins: both budgets grow by what it is worth. */
  void onCall() {
    retries.deposit();
    hedges.deposit();
  }

  boolean tryRetry() {
    return retries.tryWithdraw();
  }

  boolean tryHedge() {
    return hedges.tryWithdraw();
  }

  /** Whether somebody else has room for a rescued call, or the retry budget pays for it. */
  boolean tryRescue(RoutingTable table) {
    long now = clock.nanoTime();
    if (counted != table || now - countedAtNanos >= COUNTED_NANOS) {
      counted = table;
      countedAtNanos = now;
      room = table.room();
    }
    if (room > 0) {
      room--;
      return true;
    }
    return retries.tryWithdraw();
  }
}
