package io.fairlead.gateway.call;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.PickRequest;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: starts them where the routing table says, and books them when they are
 * over.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: an attempt that was launched is
 * settled exactly once, which gives back the upstream's permit.
 */
final class Attempts {
  private final Call call;
  private final LoopContext loop;
  private final ChainRuntime chain;
  private final ChainLane lane;
  private final CallMessage message;
  private final PickRequest request = new PickRequest();
  private final List<Attempt> inFlight = new ArrayList<>(2);
  private int made;

  Attempts(Call call, ChainLane lane) {
    this.call = call;
    this.loop = call.loop();
    this.chain = call.chain();
    this.lane = lane;
    this.message = call.message();
    forgetTried();
  }

  /** Lets the next pick consider every upstream again. */
  void forgetTried() {
    request.reset(
        message.spec().methodClass(),
        message.isHeadSensitive(),
        chain.upstreamsDiffer() ? new MethodFilter(loop, message) : null);
  }

  /** Starts an attempt at the best upstream that has not been tried; false if there is none. */
  boolean tryLaunch(AttemptKind kind) {
    RoutingTable table = chain.table();
    Upstream upstream = loop.picker().pick(table, request);
    while (upstream != null) {
      request.onTried(upstream);
      UpstreamLink link = loop.link(upstream);
      if (link != null && upstream.tryAcquire()) {
        launch(new Attempt(call, upstream, link, kind, loop.nanoTime()));
        return true;
      }
      upstream = loop.picker().pick(table, request);
    }
    return false;
  }

  private void launch(Attempt attempt) {
    made++;
    inFlight.add(attempt);
    loop.sweeper().add(attempt);
    attempt.send(message.toRequest());
  }

  /** How many were made. */
  int made() {
    return made;
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Whether whoever is still at it has been ejected meanwhile. */
  boolean areAllEjected(RoutingTable table) {
    for (int i = 0; i < inFlight.size(); i++) {
      if (!table.isEjected(inFlight.get(i).upstream())) {
        return false;
      }
    }
    return true;
  }

  /** Cancels whoever is still at it, but for one. */
  void cancelAllBut(@Nullable Attempt winner) {
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      Attempt attempt = inFlight.get(i);
      if (attempt != winner) {
        attempt.cancel();
        settle(attempt, AttemptResult.CANCELLED);
      }
    }
  }

  /** Ends whoever is still at it because time is up; who they were. */
  List<Upstream> timeOutAll() {
    List<Upstream> upstreams = new ArrayList<>(inFlight.size());
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      upstreams.add(inFlight.get(i).upstream());
      timeOut(inFlight.get(i));
    }
    return upstreams;
  }

  void timeOut(Attempt attempt) {
    attempt.cancel();
    settle(attempt, AttemptResult.TIMED_OUT);
  }

  /** Books an attempt that is over and gives back what it held of the upstream. */
  void settle(Attempt attempt, AttemptResult result) {
    long now = loop.nanoTime();
    long elapsedNanos = now - attempt.startNanos();
    if (!attempt.isStreaming() || result != AttemptResult.SUCCESS) {
      reportEvidence(attempt, result, elapsedNanos);
    }
    UpstreamLink link = attempt.link();
    link.metrics().onAttempt(message.spec().methodClass(), result, elapsedNanos);
    if (result == AttemptResult.SUCCESS && link.tryNoteAnswer(now)) {
      chain.observer().onOrganicAnswer(attempt.upstream());
    }
    attempt.upstream().release();
    loop.sweeper().remove(attempt);
    inFlight.remove(attempt);
    attempt.end();
  }

  /**
   * An attempt has begun to answer at length: that is when it answered, however long it streams.
   */
  void onStreaming(Attempt attempt) {
    reportEvidence(attempt, AttemptResult.SUCCESS, loop.nanoTime() - attempt.startNanos());
  }

  private void reportEvidence(Attempt attempt, AttemptResult result, long elapsedNanos) {
    MethodClass methodClass = message.spec().methodClass();
    if (attempt.isOverdue()) {
      lane.evidence().onOverdueEnd(attempt.upstream(), methodClass, result, elapsedNanos);
    } else {
      lane.evidence().onAttempt(attempt.upstream(), methodClass, result, elapsedNanos);
    }
  }
}
