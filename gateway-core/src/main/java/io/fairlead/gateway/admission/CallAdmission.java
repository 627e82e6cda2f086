package io.fairlead.gateway.admission;

import io.fairlead.gateway.net.LoopTurns;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import java.util.concurrent.Executor;

/**
 * Watches how long the turns of an event loop last, and says of each call whether it is taken in.
 *
 * <p>A turn ends when a task runs that was left to the loop in it: tasks run when everything that
 * had become readable has been worked off. While turns are short, only every eighth call begins to
 * watch one; after a longer one the next is watched too, from its beginning, by a timer that is due
 * at once: a loop that has such a timer asks for what is readable and does not wait for it.
 *
 * <p>Thread-safety: confined to the event loop.
 */
final class CallAdmission {
  private static final int SKIPPED_CALLS = 8;
  private static final int SPARE_RETURNS = 16;
  private static final int IDLE_RETURNS = 64;

  private final CallGate gate;
  private final RefusedClients refused = new RefusedClients();
  private final Scheduler scheduler;
  private final Executor executor;
  private final NanoClock processor;
  private final LoopTurns turns;
  private final Runnable ending = this::endTurn;

  private boolean isWatching;
  private boolean isShedding;
  private int skip = 1;
  private int taken;
  private int watched;
  private long tickNanos;
  private long endedNanos;

  CallAdmission(AdmissionPolicy policy, LoopAdmission.Home home) {
    this.gate = new CallGate(policy.delayNanos());
    this.scheduler = home.times().scheduler();
    this.executor = home.executor();
    this.processor = home.times().processor();
    this.turns = home.times().turns();
    this.tickNanos = scheduler.nanoTime();
  }

  /** Whether a call is taken in. */
  boolean admits(MethodClass methodClass) {
    if (!isShedding) {
      taken++;
      if (!isWatching && --skip <= 0) {
        watch();
      }
      return true;
    }
    if (!isWatching) {
      watch();
    }
    boolean isAdmitted = gate.tryAdmit(methodClass, processor.nanoTime());
    if (isAdmitted) {
      refused.onAdmitted();
    }
    return isAdmitted;
  }

  private void watch() {
    isWatching = true;
    long now = scheduler.nanoTime();
    if (isShedding) {
      gate.onIdle(now - endedNanos);
    }
    gate.beginTurn(now, processorNanos());
    turns.watch(now);
    executor.execute(ending);
  }

  /** What the loop has used of its processor; only in overload is it worth asking. */
  private long processorNanos() {
    return isShedding ? processor.nanoTime() : 0;
  }

  /** After a turn that was not short the next is watched from its beginning. */
  private void endTurn() {
    long now = scheduler.nanoTime();
    gate.onTaken(taken);
    taken = 0;
    boolean hasTimeToSpare =
        isShedding && gate.usedNanos(processorNanos()) < CallGate.HOLD_NANOS / 2;
    long lengthNanos = gate.endTurn(now);
    watched++;
    isShedding = gate.isShedding();
    isWatching = lengthNanos >= LoopTurns.LONG_NANOS;
    skip = SKIPPED_CALLS;
    turns.end(now, isWatching);
    endedNanos = now;
    if (isWatching) {
      gate.beginTurn(now, processorNanos());
      scheduler.schedule(ending, 0);
    }
    if (refused.unread() > 0) {
      refused.payOut();
      refused.readNext(hasTimeToSpare || lengthNanos < LoopTurns.LONG_NANOS ? SPARE_RETURNS : 0);
    }
  }

  /** A client's call was refused just now. */
  void onRefused(Refusable client) {
    refused.onRefused(client, gate.isLightRefused());
  }

  /**
   * Looks after clients that are not read; to be said every few milliseconds while there are any.
   */
  void onTick() {
    long now = scheduler.nanoTime();
    refused.onTime((now - tickNanos) * 1e-9);
    tickNanos = now;
    if (isShedding && !isWatching) {
      gate.look(now);
      isShedding = gate.isShedding();
    }
    if (watched == 0) {
      refused.readNext(IDLE_RETURNS);
    }
    watched = 0;
  }

  boolean isShedding() {
    return isShedding;
  }

  int unread() {
    return refused.unread();
  }

  long retryAfterSeconds() {
    return refused.retryAfterSeconds();
  }
}
