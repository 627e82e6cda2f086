package io.fairlead.routing.sim.engine;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.scenario.FaultKind.Errors;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import org.jspecify.annotations.Nullable;

/**
 * The far side of an upstream: a queue before slots, at the end of a path, under the weather of the
 * moment.
 *
 * <p>A change of speed reaches calls in their slots as well: what is left of their work goes on at
 * the new speed.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Node {
  private final int index;
  private final Path path;
  private final Server server;
  private final Agenda agenda;
  private final long seed;
  private final Weather weather;
  private final @Nullable Bucket quota;
  private final Attempt[] slots;
  private int busy;
  private double rate = 1;
  private @Nullable Attempt first;
  private @Nullable Attempt last;

  Node(int index, SimUpstream upstream, Agenda agenda, Weather weather, long seed) {
    this.index = index;
    this.path = upstream.path();
    this.server = upstream.server();
    this.agenda = agenda;
    this.weather = weather;
    this.seed = seed;
    this.slots = new Attempt[server.slots()];
    double perSecond = server.quotaPerSecond();
    this.quota = perSecond > 0 ? new Bucket(perSecond, 0) : null;
  }

  int index() {
    return index;
  }

  Weather weather() {
    return weather;
  }

  double rttMillis() {
    return weather.isReachable() ? path.rttMillis() : Double.NaN;
  }

  /** How long a message of an attempt is on its way. */
  long oneWayNanos(Attempt attempt, int purpose) {
    double half = path.rttMillis() * 0.5e6;
    double luck = Luck.of(seed, attempt.asked.id(), attempt.number, purpose);
    return (long) (half * (1 + path.jitter() * (2 * luck - 1)));
  }

  /** A request has come. */
  void onRequest(Attempt attempt) {
    if (attempt.isDropped || weather.isSilent()) {
      attempt.stage = Attempt.Stage.GONE;
    } else if (weather.refuses(attempt.sentNanos())) {
      boolean wasOpen = !weather.refusedWhenSent(attempt.sentNanos());
      reply(attempt, AttemptResult.FAILED, wasOpen, 0);
    } else if (isOverQuota()) {
      reply(attempt, AttemptResult.LIMITED, false, 0);
    } else if (!tryErr(attempt)) {
      admit(attempt);
    }
  }

  private boolean isOverQuota() {
    long now = agenda.nanoTime();
    return (quota != null && !quota.tryTake(now)) || !weather.tryTakeLimits(now);
  }

  private boolean tryErr(Attempt attempt) {
    if (server.errorRate() <= 0 && weather.errors().isEmpty()) {
      return false;
    }
    double luck = Luck.of(seed, attempt.asked.id(), attempt.number, Luck.ERROR);
    if (luck < server.errorRate()) {
      reply(attempt, AttemptResult.FAILED, true, 0);
      return true;
    }
    luck = (luck - server.errorRate()) / (1 - server.errorRate());
    for (Errors errors : weather.errors()) {
      if (luck < errors.share()) {
        reply(attempt, AttemptResult.FAILED, true, (long) (errors.afterMillis() * 1e6));
        return true;
      }
      luck = (luck - errors.share()) / (1 - errors.share());
    }
    return false;
  }

  private void admit(Attempt attempt) {
    if (busy < slots.length) {
      serve(attempt);
    } else {
      attempt.stage = Attempt.Stage.WAITING;
      attempt.before = last;
      if (last == null) {
        first = attempt;
      } else {
        last.after = attempt;
      }
      last = attempt;
    }
  }

  private void serve(Attempt attempt) {
    MethodClass c = attempt.asked.methodClass();
    boolean isHeavy = c == MethodClass.LOGS || c == MethodClass.TRACE;
    attempt.stage = Attempt.Stage.SERVED;
    attempt.leftNanos =
        attempt.asked.workNanos * (isHeavy ? server.heavyFactor() : 1) / server.speed();
    attempt.slot = busy;
    slots[busy++] = attempt;
    work(attempt);
  }

  /** Goes on with what is left, at the rate of now. */
  private void work(Attempt attempt) {
    long now = agenda.nanoTime();
    attempt.workedNanos = now;
    attempt.serviceTag =
        rate > 0 ? agenda.add(now + (long) (attempt.leftNanos / rate), Engine.SERVED, attempt) : -1;
  }

  /** A call's work may be done, unless the event is void. */
  void onServed(Attempt attempt, long tag) {
    if (attempt.stage != Attempt.Stage.SERVED || attempt.serviceTag != tag) {
      return;
    }
    busy--;
    Attempt moved = slots[busy];
    moved.slot = attempt.slot;
    slots[attempt.slot] = moved;
    attempt.headBlocks = weather.headBlocks(agenda.nanoTime());
    boolean isInvalid = attempt.asked.isInvalid;
    reply(attempt, isInvalid ? AttemptResult.CLIENT_ERROR : AttemptResult.SUCCESS, true, 0);
    Attempt next = first;
    if (next != null) {
      unlink(next);
      serve(next);
    }
  }

  /** Word has come that nobody waits for an answer any more. */
  void onCancelled(Attempt attempt) {
    if (attempt.stage == Attempt.Stage.WAITING) {
      unlink(attempt);
      attempt.stage = Attempt.Stage.GONE;
    } else if (attempt.stage == Attempt.Stage.GOING) {
      attempt.isDropped = true;
    }
  }

  private void unlink(Attempt attempt) {
    Attempt before = attempt.before;
    Attempt after = attempt.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    attempt.before = null;
    attempt.after = null;
  }

  private void reply(
      Attempt attempt, AttemptResult result, boolean maybeProcessed, long afterNanos) {
    attempt.stage = Attempt.Stage.RETURNING;
    attempt.result = result;
    attempt.maybeProcessed = maybeProcessed;
    long delay = afterNanos + oneWayNanos(attempt, Luck.BACK);
    agenda.add(agenda.nanoTime() + delay, Engine.REPLIED, attempt);
  }

  /** The weather has changed. */
  void onWeather() {
    if (weather.isSilent()) {
      empty(false);
    } else if (weather.isRefusing()) {
      empty(true);
    }
    double newRate = weather.rate();
    if (newRate != rate) {
      changeRate(newRate);
    }
  }

  private void changeRate(double newRate) {
    long now = agenda.nanoTime();
    for (int i = 0; i < busy; i++) {
      Attempt attempt = slots[i];
      attempt.leftNanos -= (now - attempt.workedNanos) * rate;
      attempt.leftNanos = Math.max(0, attempt.leftNanos);
    }
    rate = newRate;
    for (int i = 0; i < busy; i++) {
      work(slots[i]);
    }
  }

  /** All that was taken in is lost, silently or by resets. */
  private void empty(boolean withResets) {
    for (int i = 0; i < busy; i++) {
      lose(slots[i], withResets);
    }
    busy = 0;
    for (Attempt a = first; a != null; ) {
      Attempt next = a.after;
      a.before = null;
      a.after = null;
      lose(a, withResets);
      a = next;
    }
    first = null;
    last = null;
  }

  private void lose(Attempt attempt, boolean withReset) {
    if (withReset) {
      reply(attempt, AttemptResult.FAILED, true, 0);
    } else {
      attempt.stage = Attempt.Stage.GONE;
    }
  }
}
