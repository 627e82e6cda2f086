package io.fairlead.routing.sim.engine;

import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Run;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays one scenario once.
 *
 * <p><b>Idea.</b> Discrete events in virtual time. Three sources are merged: the trace of arrivals,
 * which depends on load and seed alone; the clients' deadlines, which come in the order of the
 * arrivals since all have the same patience and so need no heap; and everything else on one {@link
 * Agenda}. A call costs four events: it arrives, its request reaches a server, its work is done,
 * its answer is back.
 *
 * <p><b>Common random numbers.</b> Arrivals, classes and work come from one stream of the seed;
 * what the network and a server do to an attempt is a hash of seed, call and attempt ({@link
 * Luck}). So policies are compared on the same calls, and the difference between two has far less
 * variance than either.
 *
 * <p><b>What is left out.</b> Connections are open before calls need them; bandwidth, and what a
 * gateway itself costs, are not modelled; cancelling takes one way to reach the server.
 *
 * <p>Thread-safety: none; one play is one thread's. Plays share nothing.
 *
 * <p>Source: Law, "Simulation modeling and analysis", 5th edition, chapters 1 and 11.
 */
public final class Engine {
  static final int REQUESTED = 0;
  static final int SERVED = 1;
  static final int REPLIED = 2;
  static final int CANCELLED = 3;
  static final int TIMER = 4;

  private final Scenario scenario;
  private final Agenda agenda = new Agenda();
  private final ArrayDeque<Call> patient = new ArrayDeque<>();
  private final List<Seat> seats = new ArrayList<>();
  private final Globe globe;
  private final Recorder recorder;
  private final Trace trace;

  private Engine(Scenario scenario, GatewayUnderTest.Factory factory, long seed) {
    this.scenario = scenario;
    SplittableRandom random = new SplittableRandom(seed);
    final long traceSeed = random.nextLong();
    globe = new Globe(scenario, agenda, random.nextLong());
    recorder = new Recorder(scenario, agenda);
    for (int i = 0; i < scenario.play().gateways(); i++) {
      seats.add(new Seat(i, agenda, globe, recorder));
    }
    trace = new Trace(scenario.load(), seats, traceSeed);
    for (Seat seat : seats) {
      seat.take(factory.create(seat, scenario, random.split()));
    }
    globe.whenMembersChange(
        () -> seats.forEach(seat -> seat.gateway().onUpstreams(globe.configured())));
    recorder.begin(seats);
  }

  /**
   * Plays.
   *
   * @param scenario what
   * @param factory under which policy
   * @param seed what all randomness comes from
   * @return what came of it, the same for the same arguments
   */
  public static Result play(Scenario scenario, GatewayUnderTest.Factory factory, long seed) {
    Engine engine = new Engine(scenario, factory, seed);
    engine.run();
    return engine.recorder.toResult(new Run(scenario.name(), factory.name(), seed));
  }

  private void run() {
    long lastArrival = scenario.play().durationNanos();
    long patience = scenario.play().timeoutNanos();
    long end = lastArrival + patience;
    while (true) {
      long arrival = trace.nextNanos() < lastArrival ? trace.nextNanos() : Long.MAX_VALUE;
      Call oldest = patient.peekFirst();
      long deadline = oldest == null ? Long.MAX_VALUE : oldest.arrivedNanos() + patience;
      long event = agenda.nextNanos();
      long next = Math.min(event, Math.min(arrival, deadline));
      if (next > end) {
        return;
      }
      agenda.advanceTo(next);
      if (next == event) {
        happen();
      } else if (next == deadline) {
        onDeadline(patient.removeFirst());
      } else {
        onArrival(trace.next());
      }
    }
  }

  private static void onDeadline(Call call) {
    call.seat.onDeadline(call);
  }

  private void onArrival(Call call) {
    patient.addLast(call);
    recorder.onArrived(call);
    call.seat.gateway().onCall(call);
  }

  private void happen() {
    long tag = agenda.nextTag();
    Object subject = agenda.remove();
    int kind = Agenda.kindOf(tag);
    if (kind == TIMER) {
      ((Seat.Timer) subject).run();
      return;
    }
    Attempt attempt = (Attempt) subject;
    switch (kind) {
      case REQUESTED -> globe.node(attempt.upstream()).onRequest(attempt);
      case SERVED -> globe.node(attempt.upstream()).onServed(attempt, tag);
      case CANCELLED -> globe.node(attempt.upstream()).onCancelled(attempt);
      default -> attempt.asked.seat.onReplied(attempt);
    }
  }
}
