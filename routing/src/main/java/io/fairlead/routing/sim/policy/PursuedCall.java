package io.fairlead.routing.sim.policy;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.fairlead.routing.attempt.Pursuit;
import io.fairlead.routing.attempt.WaitingRoom;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.Flights.Flight;
import java.util.ArrayList;
import java.util.List;

/**
 * One call on its way to an answer, as the gateway takes it there.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class PursuedCall implements Pursuit.Launcher {
  private final SimCall call;
  private final Flights flights;
  private final Pursuit pursuit;
  private final List<Flight> inFlight = new ArrayList<>(2);
  private boolean mayRepeatThere;
  private long waitingSinceNanos;

  PursuedCall(SimCall call, Flights flights) {
    this.call = call;
    this.flights = flights;
    Flights.Gear gear = flights.gear();
    this.pursuit = new Pursuit(flights.policy(), gear.allowances(), gear.picker(), this);
  }

  SimCall call() {
    return call;
  }

  MethodClass methodClass() {
    return call.methodClass();
  }

  void start() {
    pursuit.begin(call.methodClass(), call.isHeadSensitive(), call.isRepeatable(), null);
    if (!pursuit.tryFirst(flights.table())) {
      waitOrGiveUp();
    }
  }

  /** Waits for room if it is only that, as a question of the data plane does. */
  private void waitOrGiveUp() {
    if (pursuit.isShed() && leftNanos() > 0 && room().tryEnter()) {
      waitingSinceNanos = flights.gear().network().nanoTime();
      flights.await(this);
    } else {
      giveUp();
    }
  }

  /** Whether it still waits for room; otherwise it goes on or ends. */
  boolean isStillWaiting() {
    boolean isEnded = call.isEnded();
    if (isEnded || pursuit.tryFirst(flights.table())) {
      room().leave();
      return false;
    }
    long waited = flights.gear().network().nanoTime() - waitingSinceNanos;
    if (pursuit.isShed() && leftNanos() > 0 && room().mayStay(waited)) {
      return true;
    }
    room().leave();
    giveUp();
    return false;
  }

  private WaitingRoom room() {
    return flights.gear().allowances().waitingRoom();
  }

  @Override
  public boolean tryLaunch(Upstream upstream, AttemptKind kind) {
    if (!upstream.tryAcquire(call.methodClass())) {
      return false;
    }
    inFlight.add(flights.send(this, upstream));
    return true;
  }

  void onReply(Flight flight, Reply reply) {
    land(flight, reply.result(), reply.headBlocks());
    if (reply.result() == AttemptResult.LIMITED) {
      flights.gear().lane().onHoldOff(flight.upstream, -1);
    }
    if (!call.isEnded()) {
      goOn(reply);
    }
  }

  private void goOn(Reply reply) {
    switch (reply.result()) {
      case SUCCESS, CLIENT_ERROR -> {
        flights.gear().network().answer(call, true);
        cancelOverdue();
      }
      case LIMITED -> goOn(true);
      default -> {
        mayRepeatThere = true;
        goOn(call.isRepeatable() || !reply.maybeProcessed());
      }
    }
  }

  private void land(Flight flight, AttemptResult result, long headBlocks) {
    inFlight.remove(flight);
    flights.land(flight, result, headBlocks);
    pursuit.onEnded(flight.upstream);
  }

  private void goOn(boolean isSafe) {
    if (inFlight.isEmpty()) {
      Pursuit.Retry retry = pursuit.tryRetry(flights.table(), isSafe, mayRepeatThere, leftNanos());
      switch (retry) {
        case STARTED -> {}
        case NOBODY -> waitOrGiveUp();
        case REFUSED -> giveUp();
      }
    }
  }

  private long leftNanos() {
    long now = flights.gear().network().nanoTime();
    return flights.policy().timeoutNanos() - (now - call.arrivedNanos());
  }

  private void giveUp() {
    flights.gear().network().answer(call, false);
  }

  /** A look at an attempt in flight, some hundred times a second. */
  void look(Flight flight) {
    long age = flights.gear().network().nanoTime() - flight.attempt.sentNanos();
    if (call.isEnded()) {
      noteSilence(flight, age);
      cancelOverdue();
      return;
    }
    if (leftNanos() <= 0) {
      stop(AttemptResult.TIMED_OUT);
      giveUp();
      return;
    }
    noteSilence(flight, age);
    if (pursuit.look(flights.table(), flight.upstream, age) == Pursuit.Step.GIVE_UP) {
      stop(flight, AttemptResult.TIMED_OUT);
      goOn(true);
    }
  }

  private void noteSilence(Flight flight, long age) {
    long overdue = flights.table().overdueAfterNanos(flight.upstream, call.methodClass());
    if (!flight.isOverdue && age >= overdue) {
      flight.isOverdue = true;
      flights.gear().lane().onOverdue(flight.upstream, call.methodClass(), age);
    }
  }

  /**
   * The call has its answer: who is overdue is given up. The others go on unheard until they answer
   * or are overdue, since cancelled now they would say nothing of their upstreams; so it is in the
   * data plane.
   */
  private void cancelOverdue() {
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      if (inFlight.get(i).isOverdue) {
        stop(inFlight.get(i), AttemptResult.CANCELLED);
      }
    }
  }

  /** Gives up whoever is still at it. */
  void cancelAll() {
    stop(AttemptResult.CANCELLED);
  }

  private void stop(AttemptResult result) {
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      stop(inFlight.get(i), result);
    }
  }

  private void stop(Flight flight, AttemptResult result) {
    flights.gear().network().cancel(flight.attempt);
    land(flight, result, -1);
  }
}
