package io.fairlead.routing.sim.engine;

import io.fairlead.routing.sim.policy.SimCall;

/** A call with what only the world knows of it. */
final class Call extends SimCall {
  /** Whose clients it came to. */
  final Seat seat;

  /** What it takes at speed 1, in nanoseconds. */
  final double workNanos;

  /** Whether it is wrong in itself. */
  final boolean isInvalid;

  /** Attempts made. */
  int attempts;

  /** Attempts that the gateway has neither cancelled nor heard of. */
  int inFlight;

  Call(Key key, Traits traits, double workNanos, boolean isInvalid) {
    super(key.id(), key.arrivedNanos(), traits);
    this.seat = key.seat();
    this.workNanos = workNanos;
    this.isInvalid = isInvalid;
  }

  /** Which call. */
  record Key(long id, long arrivedNanos, Seat seat) {}
}
