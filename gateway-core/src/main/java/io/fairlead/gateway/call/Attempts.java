package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.fairlead.routing.attempt.Pursuit;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one question: sends them where its pursuit says, and books them when they are
 * over.
 *
 * <p><b>Beaten attempts.</b> When one attempt answers the call, another that is not overdue yet
 * goes on unheard until it answers or grows overdue, and is cancelled only then. Cancelled at once
 * it would say nothing of its upstream, so the hedges that save calls from a black hole would hide
 * the black hole: with a hedge budget to spare, detection took several times as long. It also
 * spares most losers' connections, which under HTTP/1.1 a cancellation costs.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: an attempt that was launched is
 * settled exactly once, which gives back the upstream's permit.
 */
final class Attempts implements Pursuit.Launcher {
  private final Question question;
  private final LoopContext loop;
  private final ChainRuntime chain;
  private final ChainLane lane;
  private final CallMessage message;
  private final Pursuit pursuit;
  private final List<Attempt> inFlight = new ArrayList<>(2);
  private final @Nullable Decision decision;

  Attempts(Question question, ChainLane lane) {
    this.question = question;
    this.loop = question.loop();
    this.chain = question.chain();
    this.lane = lane;
    this.message = question.message();
    this.decision = question.call().record();
    this.pursuit = new Pursuit(chain.policy(), lane.allowances(), loop.picker(), this);
  }

  /** Why the next retry is made, if it is. */
  void onRetry(RetryReason reason) {
    if (decision != null) {
      decision.onRetry(reason);
    }
  }

  /** Says to the pursuit what the call asks. */
  void begin() {
    pursuit.begin(
        message.methodClass(), message.isHeadSensitive(), message.spec().isRepeatable(), filter());
    if (!question.demand().mayHedge()) {
      pursuit.forgoHedge();
    }
  }

  private @Nullable Predicate<Upstream> filter() {
    Demand demand = question.demand();
    return both(
        chain.upstreamsDiffer() ? new MethodFilter(loop, message) : null,
        both(
            chain.holdings().filter(message, chain.table(), loop.nanoTime()),
            demand.isSelective() ? demand::mayAsk : null));
  }

  private static @Nullable Predicate<Upstream> both(
      @Nullable Predicate<Upstream> one, @Nullable Predicate<Upstream> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.and(other);
  }

  /** Starts the first attempt; false if nobody can take the call now. */
  boolean tryFirst() {
    RoutingTable table = chain.table();
    if (decision != null) {
      decision.onTable(table, message.methodClass(), message.isHeadSensitive());
    }
    return pursuit.tryFirst(table);
  }

  /** Starts others beside the first, as many as there are upstreams for. */
  void launchBeside(int wanted) {
    boolean isStarted = true;
    for (int i = 0; i < wanted && isStarted; i++) {
      isStarted = pursuit.tryBeside(chain.table());
    }
  }

  /** Starts another after one failed, if that is allowed; see {@link Pursuit#tryRetry}. */
  Pursuit.Retry tryRetry(boolean isSafe, boolean mayRepeatThere, long leftNanos) {
    return pursuit.tryRetry(chain.table(), isSafe, mayRepeatThere, leftNanos);
  }

  /** Starts another because an answer is doubted; see {@link Pursuit#trySecondOpinion}. */
  Pursuit.Retry trySecondOpinion(long leftNanos) {
    return pursuit.trySecondOpinion(chain.table(), leftNanos);
  }

  @Override
  public boolean tryLaunch(Upstream upstream, AttemptKind kind) {
    UpstreamLink link = loop.link(upstream);
    if (link == null || !upstream.tryAcquire(message.methodClass())) {
      return false;
    }
    Attempt attempt = new Attempt(question, upstream, link, kind, loop.nanoTime());
    question.call().noteAttempt();
    inFlight.add(attempt);
    loop.sweeper().add(attempt);
    if (decision != null) {
      decision.onLaunch(attempt);
    }
    question.demand().onAsked(upstream);
    attempt.send(message.toRequest());
    return true;
  }

  /**
   * Looks at one that has not begun to answer: silence is evidence, and the pursuit may act.
   *
   * @return whether the attempt was given up
   */
  boolean isGivenUp(Attempt attempt, long ageNanos) {
    noteSilence(attempt, ageNanos);
    switch (pursuit.look(chain.table(), attempt.upstream(), ageNanos)) {
      case HEDGED -> chain.metrics().onHedge();
      case RESCUED -> chain.metrics().onRescue();
      case GIVE_UP -> {
        timeOut(attempt);
        return true;
      }
      case WAIT -> {}
    }
    return false;
  }

  private void noteSilence(Attempt attempt, long ageNanos) {
    Upstream upstream = attempt.upstream();
    MethodClass methodClass = message.methodClass();
    long overdue = chain.table().overdueAfterNanos(upstream, methodClass);
    if (ageNanos >= overdue && attempt.tryMarkOverdue()) {
      lane.evidence().onOverdue(upstream, methodClass, ageNanos);
    }
  }

  /** Whether nobody took the call for want of room alone. */
  boolean isShed() {
    return pursuit.isShed();
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Cancels whoever is still at it. */
  void cancelAll() {
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      cancel(inFlight.get(i));
    }
  }

  private void cancel(Attempt attempt) {
    attempt.cancel();
    settle(attempt, AttemptResult.CANCELLED);
  }

  /**
   * The call has its answer: who is overdue is cancelled, the others are beaten.
   *
   * @param winner who streams the answer; null when it is whole
   */
  void onWon(@Nullable Attempt winner) {
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      Attempt attempt = inFlight.get(i);
      if (attempt != winner) {
        attempt.setBeaten();
        if (attempt.isOverdue()) {
          cancel(attempt);
        }
      }
    }
  }

  /** Looks at a beaten attempt, which is worth waiting for until it is overdue. */
  void lookAtBeaten(Attempt attempt, long ageNanos) {
    noteSilence(attempt, ageNanos);
    if (attempt.isOverdue()) {
      cancel(attempt);
    }
  }

  /** A beaten attempt answers after all; its answer is of no use, but how it ended is. */
  void onBeatenAnswer(Attempt attempt, AttemptResult result) {
    if (result == AttemptResult.LIMITED) {
      lane.evidence().onHoldOff(attempt.upstream(), attempt.answer().retryAfterNanos());
    }
    settle(attempt, result);
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

  private void timeOut(Attempt attempt) {
    attempt.cancel();
    settle(attempt, AttemptResult.TIMED_OUT);
  }

  /** How an attempt is booked whose answer means this. */
  static AttemptResult resultOf(Verdict verdict) {
    return switch (verdict.blame()) {
      case NONE -> AttemptResult.SUCCESS;
      case CLIENT -> AttemptResult.CLIENT_ERROR;
      case DATA -> AttemptResult.DATA_ERROR;
      case LIMIT -> AttemptResult.LIMITED;
      case ACCOUNT -> AttemptResult.ACCOUNT_REFUSED;
      case UPSTREAM -> AttemptResult.FAILED;
    };
  }

  /** Books an attempt that is over and gives back what it held of the upstream. */
  void settle(Attempt attempt, AttemptResult result) {
    long now = loop.nanoTime();
    long elapsedNanos = now - attempt.startNanos();
    if (!attempt.isStreaming() || result != AttemptResult.SUCCESS) {
      reportEvidence(attempt, result, now);
    }
    if (decision != null) {
      decision.onSettled(attempt, result, now);
    }
    UpstreamLink link = attempt.link();
    link.metrics().onAttempt(message.methodClass(), result, elapsedNanos);
    if (result == AttemptResult.SUCCESS && link.tryNoteAnswer(now)) {
      chain.observer().onOrganicAnswer(attempt.upstream());
    }
    attempt.upstream().release(message.methodClass());
    loop.sweeper().remove(attempt);
    inFlight.remove(attempt);
    pursuit.onEnded(attempt.upstream());
    attempt.end();
  }

  /**
   * An attempt has begun to answer at length: that is when it answered, however long it streams.
   */
  void onStreaming(Attempt attempt) {
    reportEvidence(attempt, AttemptResult.SUCCESS, loop.nanoTime());
  }

  private void reportEvidence(Attempt attempt, AttemptResult result, long nowNanos) {
    MethodClass methodClass = message.methodClass();
    long tookNanos = loop.tookNanos(attempt.startNanos(), nowNanos);
    if (attempt.isOverdue()) {
      lane.evidence().onOverdueEnd(attempt.upstream(), methodClass, result, tookNanos);
    } else {
      lane.evidence().onAttempt(attempt.upstream(), methodClass, result, tookNanos);
    }
  }
}
