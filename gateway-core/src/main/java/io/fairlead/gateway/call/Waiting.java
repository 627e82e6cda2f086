package io.fairlead.gateway.call;

import io.fairlead.routing.attempt.WaitingRoom;

/**
 * For what, and for how long, one question waits that nobody can be asked: for upstreams to be
 * looked at, for somebody who fits its demand, for room.
 *
 * <p>Thread-safety: confined to the question's event loop. Ownership: a place in the waiting room,
 * given back by {@link #end}.
 */
final class Waiting {
  private final Call call;
  private final Demand demand;
  private final WaitingRoom room;
  private boolean isInRoom;
  private long inRoomSinceNanos;

  Waiting(Call call, Demand demand, WaitingRoom room) {
    this.call = call;
    this.demand = demand;
    this.room = room;
  }

  /**
   * Whether it is worth waiting, or waiting on.
   *
   * @param isShed whether it is only room that is wanting
   */
  boolean isWorthwhile(boolean isShed) {
    if (call.remainingNanos() <= 0) {
      return false;
    }
    long now = call.loop().nanoTime();
    return call.chain().isSettling(now) || isForDemand() || (isShed && isForRoom(now));
  }

  /** Whether it is worth waiting until somebody fits what is demanded. */
  boolean isForDemand() {
    long waited = call.loop().nanoTime() - call.startNanos();
    return call.remainingNanos() > 0 && waited < demand.patienceNanos();
  }

  private boolean isForRoom(long nowNanos) {
    if (!isInRoom) {
      isInRoom = room.tryEnter();
      inRoomSinceNanos = nowNanos;
      return isInRoom;
    }
    return room.mayStay(nowNanos - inRoomSinceNanos);
  }

  /** It waits no more. */
  void end() {
    if (isInRoom) {
      isInRoom = false;
      room.leave();
    }
  }
}
