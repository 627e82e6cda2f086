package io.fairlead.gateway.admission;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

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
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int SPARE_RETURNS = 16;
  private static final int IDLE_RETURNS = 64;

  private final CallGate gate;
  private final RefusedClients refused = new RefusedClients();
  private final Scheduler scheduler;
  private final Executor executor;
  private final NanoClock processor;
  private final Runnable ending = this::endTurn;

  private boolean isWatching;
  private boolean isShedding;
  private int skip = 1;
  private int taken;
  private int turns;
  private long tickNanos;

  CallAdmission(AdmissionPolicy policy, LoopAdmission.Home home) {
    this.gate = new CallGate(policy.delayNanos());
    this.scheduler = home.scheduler();
    this.executor = home.executor();
    this.processor = home.processor();
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
    gate.beginTurn(scheduler.nanoTime(), processorNanos());
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
    turns++;
    isShedding = gate.isShedding();
    isWatching = lengthNanos >= SHORT_NANOS;
    skip = SKIPPED_CALLS;
    if (isWatching) {
      gate.beginTurn(now, processorNanos());
      scheduler.schedule(ending, 0);
    }
    if (refused.unread() > 0) {
      refused.payOut();
      refused.readNext(hasTimeToSpare || lengthNanos < SHORT_NANOS ? SPARE_RETURNS : 0);
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
    if (turns == 0) {
      refused.readNext(IDLE_RETURNS);
    }
    turns = 0;
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
