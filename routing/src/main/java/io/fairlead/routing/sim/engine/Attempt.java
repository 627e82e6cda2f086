package io.fairlead.routing.sim.engine;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.ProbeReply;
import io.fairlead.routing.sim.policy.SimAttempt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt, or a probe, with what only the world knows of it. */
final class Attempt extends SimAttempt {
  /** Where its request is. */
  enum Stage {
    /** On its way to the server. */
    GOING,
    /** In the server's queue. */
    WAITING,
    /** In one of the server's slots. */
    SERVED,
    /** Its answer is on the way back. */
    RETURNING,
    /** Nowhere: swallowed, dropped or answered. */
    GONE
  }

  final Call asked;

  /** Which attempt of its call, from 0. */
  final int number;

  /** Told how it ended if it is a probe. */
  final @Nullable Consumer<ProbeReply> then;

  Stage stage = Stage.GOING;

  /** The gateway has heard of its end or has cancelled it. */
  boolean isOver;

  /** The gateway's cancelling has reached the server before the request has. */
  boolean isDropped;

  /** Work left at the server's own speed, as of {@link #workedNanos}. */
  double leftNanos;

  long workedNanos;

  /** The event that ends the service, by its tag; other such events are void. */
  long serviceTag;

  AttemptResult result = AttemptResult.SUCCESS;
  long headBlocks = -1;
  boolean maybeProcessed;

  /** Neighbours in the server's queue. */
  @Nullable Attempt before;

  @Nullable Attempt after;

  /** Which of the server's slots it is in. */
  int slot;

  Attempt(Call call, int upstream, long sentNanos, @Nullable Consumer<ProbeReply> then) {
    super(call, upstream, sentNanos);
    this.asked = call;
    this.number = call.attempts++;
    this.then = then;
  }
}
