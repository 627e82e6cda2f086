package io.fairlead.routing.sim.policy;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts in flight of a {@link FairleadGateway}: sends them, looks after them every 10 ms,
 * and reports them as evidence when they are over, as the gateway's event loops do.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Flights {
  private static final long SWEEP_NANOS = 10_000_000L;
  private static final long ORGANIC_NANOS = 250_000_000L;

  /** What the calls of an event loop share. */
  record Gear(
      Network network,
      ChainRouter router,
      EvidenceLane lane,
      Picker picker,
      Allowances allowances) {}

  /** One attempt in flight. */
  static final class Flight {
    final PursuedCall call;
    final Upstream upstream;
    final SimAttempt attempt;
    boolean isOverdue;
    boolean isLanded;
    @Nullable Flight before;
    @Nullable Flight after;

    Flight(PursuedCall call, Upstream upstream, SimAttempt attempt) {
      this.call = call;
      this.upstream = upstream;
      this.attempt = attempt;
    }
  }

  private final Gear gear;
  private final PursuitPolicy policy;
  private final FairleadGateway gateway;
  private final long[] organicNanos;
  private @Nullable Flight first;
  private List<PursuedCall> waiting = new ArrayList<>();
  private boolean isSweeping;

  Flights(Gear gear, PursuitPolicy policy, FairleadGateway gateway) {
    this.gear = gear;
    this.policy = policy;
    this.gateway = gateway;
    organicNanos = new long[gear.network().upstreams().size()];
  }

  Gear gear() {
    return gear;
  }

  PursuitPolicy policy() {
    return policy;
  }

  RoutingTable table() {
    return gear.router().table();
  }

  void onCall(SimCall call) {
    PursuedCall pursued = new PursuedCall(call, this);
    call.attach(pursued);
    pursued.start();
  }

  void onReply(SimAttempt attempt, Reply reply) {
    if (attempt.attachment() instanceof Flight flight) {
      flight.call.onReply(flight, reply);
    }
  }

  void onAbandoned(SimCall call) {
    if (call.attachment() instanceof PursuedCall pursued) {
      pursued.cancelAll();
    }
  }

  /** Sends a call to an upstream whose permit has been taken. */
  Flight send(PursuedCall call, Upstream upstream) {
    SimAttempt attempt = gear.network().send(call.call(), gateway.indexOf(upstream));
    Flight flight = new Flight(call, upstream, attempt);
    attempt.attach(flight);
    flight.after = first;
    if (first != null) {
      first.before = flight;
    }
    first = flight;
    beginSweeping();
    return flight;
  }

  /** Asks a call at each sweep whether it still waits for room. */
  void await(PursuedCall call) {
    waiting.add(call);
    beginSweeping();
  }

  private void beginSweeping() {
    if (!isSweeping) {
      isSweeping = true;
      gear.network().schedule(this::sweep, SWEEP_NANOS);
    }
  }

  /** Books an attempt that is over and gives back what it held of the upstream. */
  void land(Flight flight, AttemptResult result, long headBlocks) {
    long now = gear.network().nanoTime();
    long elapsed = now - flight.attempt.sentNanos();
    if (flight.isOverdue) {
      gear.lane().onOverdueEnd(flight.upstream, flight.call.methodClass(), result, elapsed);
    } else {
      gear.lane().onAttempt(flight.upstream, flight.call.methodClass(), result, elapsed);
    }
    int index = flight.attempt.upstream();
    if (result == AttemptResult.SUCCESS && now - organicNanos[index] >= ORGANIC_NANOS) {
      organicNanos[index] = now;
      gateway.onOrganicAnswer(index, headBlocks);
    }
    flight.upstream.release(flight.call.methodClass());
    unlink(flight);
    flight.isLanded = true;
  }

  private void unlink(Flight flight) {
    Flight before = flight.before;
    Flight after = flight.after;
    if (before != null) {
      before.after = after;
    } else {
      first = after;
    }
    if (after != null) {
      after.before = before;
    }
    flight.before = null;
    // after stays: a sweep that stands on this attempt goes on from it
  }

  private void sweep() {
    Flight flight = first;
    while (flight != null) {
      Flight current = flight;
      flight = flight.after;
      if (!current.isLanded) {
        current.call.look(current);
      }
    }
    lookAtWaiting();
    isSweeping = first != null || !waiting.isEmpty();
    if (isSweeping) {
      gear.network().schedule(this::sweep, SWEEP_NANOS);
    }
  }

  private void lookAtWaiting() {
    if (!waiting.isEmpty()) {
      List<PursuedCall> asked = waiting;
      waiting = new ArrayList<>();
      for (PursuedCall call : asked) {
        if (call.isStillWaiting()) {
          waiting.add(call);
        }
      }
    }
  }
}
