package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.fairlead.routing.evidence.AttemptResult;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC request of a client on its way to an answer.
 *
 * <p>A call may have several attempts: the first, others after failures, one beside a slow one
 * (hedge), one beside an attempt whose upstream was ejected (rescue). Whichever first has an answer
 * that may be believed wins; the others are cancelled. From the first byte that the sink was given
 * on there is no way back, which is why answers up to {@link Attempt#HOLD_BYTES} are held until
 * they are whole.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: owns its message and its attempts; the
 * sink gets every buffer it is given. Failure: a call always ends, at the latest with its timeout.
 */
public final class Call implements ActiveAnswer {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long RETRY_AFTER_SECONDS = 1;

  private final LoopContext loop;
  private final ChainRuntime chain;
  private final ChainLane lane;
  private final CallMessage message;
  private final CallSink sink;
  private final Attempts attempts;
  private final long startNanos;

  private String trail = "";
  private boolean mayRepeatThere;
  private boolean finished;
  private boolean reading = true;
  private @Nullable Attempt streaming;
  private @Nullable Call inquiry;
  private @Nullable String answeredBy;
  private @Nullable ByteBuf fallback;
  private @Nullable String fallbackFrom;

  /**
   * A call that has not begun.
   *
   * @param message what the client asks; taken over
   * @param sink where the answer goes
   */
  Call(LoopContext loop, ChainRuntime chain, CallMessage message, CallSink sink) {
    this.loop = loop;
    this.chain = chain;
    this.lane = chain.lane(loop);
    this.message = message;
    this.sink = sink;
    this.startNanos = loop.nanoTime();
    this.attempts = new Attempts(this, lane);
  }

  /** Begins; the sink may hear of the end before this returns. */
  void start() {
    attempts.begin();
    if (!attempts.tryFirst()) {
      waitOrGiveUp();
    }
  }

  private void waitOrGiveUp() {
    if (chain.isSettling(loop.nanoTime()) && remainingNanos() > 0) {
      loop.sweeper().await(this);
    } else {
      giveUp();
    }
  }

  /**
   * Whether nobody can serve yet although somebody soon may; otherwise the call goes on or ends.
   */
  boolean isStillWaiting() {
    if (finished) {
      return false;
    }
    if (attempts.tryFirst()) {
      return false;
    }
    if (chain.isSettling(loop.nanoTime()) && remainingNanos() > 0) {
      return true;
    }
    giveUp();
    return false;
  }

  /**
   * Answers in the gateway's own words, without any upstream.
   *
   * @param answer one JSON-RPC answer; taken over
   * @param isResult whether it is what the client asked for
   */
  void answerLocally(int httpStatus, ByteBuf answer, boolean isResult) {
    CallOutcome outcome = isResult ? CallOutcome.OK : CallOutcome.REFUSED;
    if (message.isNotification()) {
      answer.release();
      endWithNothing(outcome);
    } else {
      endWith(outcome, httpStatus, answer);
    }
  }

  /** The id of the upstream whose answer the client gets; null for the gateway's own words. */
  public @Nullable String answeredBy() {
    return answeredBy;
  }

  /** How many attempts were made. */
  public int attempts() {
    return attempts.made();
  }

  /** Writes down from now on how the call is decided; to be said before it begins. */
  public void explain() {
    attempts.explain(new Decision(startNanos));
  }

  /** How the call was decided so far, in JSON; null if nobody asked. */
  public @Nullable String decision() {
    Decision decision = attempts.decision();
    return decision == null ? null : decision.toJson(loop.nanoTime());
  }

  /** When the client should ask again after an error of the gateway's own, in seconds. */
  public long retryAfterSeconds() {
    return RETRY_AFTER_SECONDS;
  }

  /**
   * An error of the gateway's own with the client's id.
   *
   * @param code the JSON-RPC error code
   * @param text what and why
   */
  public ByteBuf toError(int code, String text) {
    return message.toError(loop.alloc(), code, text);
  }

  @Override
  public void abandon() {
    if (!finished) {
      finish(CallOutcome.ABANDONED);
      message.release();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    Attempt current = streaming;
    if (current != null) {
      current.setReading(on);
    }
  }

  long nanoTime() {
    return loop.nanoTime();
  }

  CallMessage message() {
    return message;
  }

  ChainRuntime chain() {
    return chain;
  }

  LoopContext loop() {
    return loop;
  }

  /** An attempt has its whole answer. */
  void onAnswer(Attempt attempt) {
    Verdict verdict = attempt.answer().verdict(message.spec());
    if (attempt.isBeaten()) {
      attempts.onBeatenAnswer(attempt, resultOf(verdict));
    } else if (message.isNotification()) {
      settle(attempt, resultOf(verdict));
      endWithNothing(CallOutcome.OK);
    } else if (verdict.blame() == Blame.NONE && !attempt.answer().isError()) {
      onResult(attempt);
    } else {
      onError(attempt, verdict);
    }
  }

  private void onResult(Attempt attempt) {
    long head = attempt.answer().headNumber(message.spec());
    if (head >= 0) {
      if (attempt.link().tryNoteHead(head, loop.nanoTime())) {
        chain.observer().onOrganicHead(attempt.upstream(), head);
      }
      if (chain.isStaleHead(head)) {
        keepFallback(attempt);
        note(attempt.upstream(), "it is at block " + head + ", behind the chain");
        settle(attempt, AttemptResult.DATA_ERROR);
        goOn(true, RetryReason.DATA);
        return;
      }
    }
    deliver(attempt, AttemptResult.SUCCESS, CallOutcome.OK);
  }

  private void onError(Attempt attempt, Verdict verdict) {
    if (SentTransactions.tryResolve(this, message, attempt, verdict)) {
      return;
    }
    if (verdict.blame() == Blame.CLIENT || verdict.blame() == Blame.NONE) {
      deliver(attempt, resultOf(verdict), CallOutcome.CLIENT_ERROR);
      return;
    }
    if (verdict.blame() == Blame.LIMIT) {
      lane.evidence().onHoldOff(attempt.upstream(), attempt.answer().retryAfterNanos());
    }
    Blame blame = verdict.blame();
    if (attempt.answer().isError() && (blame == Blame.DATA || blame == Blame.UPSTREAM)) {
      keepFallback(attempt);
    }
    note(attempt.upstream(), FailureWords.of(verdict));
    settle(attempt, resultOf(verdict));
    mayRepeatThere |= blame == Blame.UPSTREAM;
    boolean isSafe = message.spec().isRepeatable() || blame != Blame.UPSTREAM;
    goOn(isSafe, RetryReason.of(verdict));
  }

  private static AttemptResult resultOf(Verdict verdict) {
    return switch (verdict.blame()) {
      case NONE -> AttemptResult.SUCCESS;
      case CLIENT -> AttemptResult.CLIENT_ERROR;
      case DATA -> AttemptResult.DATA_ERROR;
      case LIMIT -> AttemptResult.LIMITED;
      case ACCOUNT -> AttemptResult.ACCOUNT_REFUSED;
      case UPSTREAM -> AttemptResult.FAILED;
    };
  }

  /** An attempt ended without a whole answer. */
  void onFailure(Attempt attempt, ExchangeFailure failure) {
    if (attempt.isStreaming()) {
      onStreamBroken(attempt);
      return;
    }
    boolean blameless = FailureWords.isBlameless(failure.kind());
    settle(attempt, blameless ? AttemptResult.CANCELLED : AttemptResult.FAILED);
    if (attempt.isBeaten()) {
      return;
    }
    note(attempt.upstream(), FailureWords.of(failure.kind()));
    mayRepeatThere = true;
    boolean isSafe = message.spec().isRepeatable() || !failure.maybeProcessed();
    goOn(isSafe, RetryReason.of(failure.kind()));
  }

  private void onStreamBroken(Attempt attempt) {
    settle(attempt, AttemptResult.FAILED);
    finish(CallOutcome.BROKEN);
    sink.onBroken(this);
    message.release();
  }

  /**
   * Makes another attempt if that is allowed; else the call ends, unless somebody is still at it.
   */
  private void goOn(boolean isSafe, RetryReason reason) {
    if (attempts.inFlight() > 0 || inquiry != null) {
      return;
    }
    attempts.onRetry(reason);
    switch (attempts.tryRetry(isSafe, mayRepeatThere, remainingNanos())) {
      case STARTED -> chain.metrics().onRetry(reason);
      case NOBODY -> waitOrGiveUp();
      case REFUSED -> giveUp();
    }
  }

  private long remainingNanos() {
    return chain.policy().timeoutNanos() - (loop.nanoTime() - startNanos);
  }

  /** The answer has outgrown what may be held: this attempt wins, or its error is long. */
  void onTooLongToHold(Attempt attempt) {
    if (attempt.isBeaten()) {
      attempt.cancel();
      settle(attempt, resultOf(attempt.answer().verdict(message.spec())));
      return;
    }
    if (!attempt.answer().isResult()) {
      Verdict verdict = attempt.answer().verdict(message.spec());
      if (verdict.blame() != Blame.CLIENT) {
        attempt.cancel();
        note(attempt.upstream(), FailureWords.of(verdict));
        settle(attempt, resultOf(verdict));
        goOn(message.spec().isRepeatable(), RetryReason.of(verdict));
        return;
      }
    }
    if (message.isNotification()) {
      attempt.cancel();
      settle(attempt, AttemptResult.SUCCESS);
      endWithNothing(CallOutcome.OK);
      return;
    }
    startStreaming(attempt);
  }

  private void startStreaming(Attempt attempt) {
    attempts.onWon(attempt);
    answeredBy = attempt.upstream().id();
    streaming = attempt;
    attempt.startStreaming();
    attempts.onStreaming(attempt);
    attempt.setReading(reading);
    ByteBuf begun = attempt.answer().takeHead(message);
    sink.onStart(this, attempt.answer().outgoingLength());
    sink.onChunk(this, begun);
  }

  void onStreamed(Attempt attempt, ByteBuf chunk) {
    passOn(attempt.answer().splice(chunk));
  }

  private void passOn(ByteBuf piece) {
    if (piece.isReadable()) {
      sink.onChunk(this, piece);
    } else {
      piece.release();
    }
  }

  void onStreamEnd(Attempt attempt) {
    passOn(attempt.answer().spliceEnd());
    settle(attempt, AttemptResult.SUCCESS);
    finish(CallOutcome.OK);
    sink.onEnd(this);
    message.release();
  }

  private void deliver(Attempt winner, AttemptResult result, CallOutcome outcome) {
    ByteBuf answer = winner.answer().takeWhole(message);
    settle(winner, result);
    answeredBy = winner.upstream().id();
    if (winner.kind() == AttemptKind.HEDGE) {
      chain.metrics().onHedgeWon();
    }
    endWith(outcome, 200, answer);
  }

  /** Ends the call with a result of the gateway's own that an upstream's word stands behind. */
  void deliverOwn(Upstream by, ByteBuf answer) {
    answeredBy = by.id();
    endWith(CallOutcome.OK, 200, answer);
  }

  /** Ends the call with the error that was kept. */
  void deliverKept() {
    giveUp();
  }

  /** Asks the network something on this call's behalf; the call ends when the sink says how. */
  void startInquiry(CallMessage question, CallSink hearer) {
    Call asked = new Call(loop, chain, question, hearer);
    inquiry = asked;
    asked.start();
  }

  void keepFallback(Attempt attempt) {
    dropFallback();
    if (!message.isNotification()) {
      fallback = attempt.answer().takeWhole(message);
      fallbackFrom = attempt.upstream().id();
    }
  }

  private void dropFallback() {
    if (fallback != null) {
      fallback.release();
      fallback = null;
    }
  }

  /** Nothing more can be tried: the best that any upstream said, or an error of our own. */
  private void giveUp() {
    CallOutcome outcome = attempts.isShed() ? CallOutcome.SHED : CallOutcome.UNSERVED;
    if (message.isNotification()) {
      endWithNothing(outcome);
      return;
    }
    ByteBuf kept = fallback;
    if (kept != null) {
      fallback = null;
      answeredBy = fallbackFrom;
      endWith(CallOutcome.UPSTREAM_ERROR, 200, kept);
      return;
    }
    String why = outcome == CallOutcome.SHED ? ": those that could are at their limits" : "";
    String what = "no upstream of " + chain.name() + " can serve " + message.spec().name() + " now";
    answerOwnError(outcome, OwnError.UNAVAILABLE, what + why + trail);
  }

  private void answerOwnError(CallOutcome outcome, OwnError error, String text) {
    ByteBuf answer = message.toError(loop.alloc(), error.code(), text);
    endWith(outcome, error.httpStatus(), answer);
  }

  /** Remembers for the client, if it comes to that, why an attempt did not help. */
  private void note(Upstream upstream, String why) {
    trail += (trail.isEmpty() ? "; tried " : ", ") + upstream.id() + " (" + why + ")";
  }

  private void timeOut() {
    for (Upstream upstream : attempts.timeOutAll()) {
      note(upstream, "no answer");
    }
    if (message.isNotification()) {
      giveUp();
      return;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(chain.policy().timeoutNanos());
    answerOwnError(
        CallOutcome.TIMED_OUT,
        OwnError.TIMED_OUT,
        message.spec().name() + " was not answered within " + millis + " ms" + trail);
  }

  /** A look at an attempt in flight; see {@link Sweeper}. */
  void onSweep(Attempt attempt) {
    long now = loop.nanoTime();
    if (attempt.isBeaten()) {
      attempts.lookAtBeaten(attempt, now - attempt.startNanos());
    } else if (attempt.isStreaming()) {
      if (reading && now - attempt.lastByteNanos() > STALL_NANOS) {
        attempt.cancel();
        onStreamBroken(attempt);
      }
    } else if (now - startNanos >= chain.policy().timeoutNanos()) {
      timeOut();
    } else if (attempts.isGivenUp(attempt, now - attempt.startNanos())) {
      note(attempt.upstream(), "no answer");
      goOn(true, RetryReason.TIMED_OUT);
    }
  }

  void settle(Attempt attempt, AttemptResult result) {
    attempts.settle(attempt, result);
  }

  private void endWith(CallOutcome outcome, int httpStatus, ByteBuf answer) {
    finish(outcome);
    sink.onWhole(this, httpStatus, answer);
    message.release();
  }

  private void endWithNothing(CallOutcome outcome) {
    finish(outcome);
    sink.onNothing(this);
    message.release();
  }

  /** Books the end; the message stays until the sink has heard of it. */
  private void finish(CallOutcome outcome) {
    finished = true;
    if (outcome == CallOutcome.OK || outcome == CallOutcome.CLIENT_ERROR) {
      attempts.onWon(null);
    } else {
      attempts.cancelAll();
    }
    if (inquiry != null) {
      inquiry.abandon();
    }
    dropFallback();
    chain.metrics().onCall(message.methodClass(), outcome, loop.nanoTime() - startNanos);
  }
}
