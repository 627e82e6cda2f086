package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.routing.Blame;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.AttemptKind;
import io.fairlead.routing.attempt.Pursuit;
import io.fairlead.routing.evidence.AttemptResult;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request that is put to upstreams on a call's behalf.
 *
 * <p>It may have several attempts: the first, others after failures, one beside a slow one (hedge),
 * one beside an attempt whose upstream was ejected (rescue). Whichever first has an answer that may
 * be believed wins; the others are cancelled. From the first byte that the sink was given on there
 * is no way back, which is why answers up to {@link Attempt#HOLD_BYTES} are held until they are
 * whole.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: owns its message and its attempts; the
 * sink gets every answer. Failure: a question always ends, at the latest with its call's timeout.
 */
public final class Question implements ActiveAnswer {
  private final Call call;
  private final LoopContext loop;
  private final ChainRuntime chain;
  private final ChainLane lane;
  private final CallMessage message;
  private final Demand demand;
  private final @Nullable Ballot ballot;
  private final AnswerSink sink;
  private final Attempts attempts;

  private final Waiting waiting;

  private boolean mayRepeatThere;
  private boolean finished;
  private boolean reading = true;
  private @Nullable Passage passage;
  private @Nullable LastWord lastWord;
  private boolean stands;

  /**
   * A question that has not begun.
   *
   * @param call on whose behalf
   * @param message what is asked; taken over
   * @param demand what is demanded of upstreams and answers
   * @param sink where the answer goes
   */
  Question(Call call, CallMessage message, Demand demand, AnswerSink sink) {
    this.call = call;
    this.loop = call.loop();
    this.chain = call.chain();
    this.lane = chain.lane(loop);
    this.message = message;
    this.demand = demand;
    this.ballot = demand.ballot();
    this.sink = sink;
    this.attempts = new Attempts(this, lane);
    this.waiting = new Waiting(call, demand, lane.allowances().waitingRoom());
  }

  /** Begins; the sink may hear of the end before this returns. */
  public void start() {
    attempts.begin();
    if (!tryBegin()) {
      waitOrGiveUp();
    }
  }

  /** Most questions are answered before they need one. */
  private LastWord lastWord() {
    LastWord made = lastWord;
    if (made == null) {
      made = new LastWord(this);
      lastWord = made;
    }
    return made;
  }

  private boolean tryBegin() {
    boolean isBegun = attempts.tryFirst();
    if (isBegun && ballot != null) {
      attempts.launchBeside(ballot.width() - 1);
    }
    return isBegun;
  }

  /** Ends with the best vote so far if there is one that stands; see {@link Ballot}. */
  public void conclude() {
    if (!finished && stands) {
      giveUp();
    }
  }

  private void waitOrGiveUp() {
    if (waiting.isWorthwhile(attempts.isShed())) {
      await();
    } else {
      giveUp();
    }
  }

  private void await() {
    demand.onWait();
    loop.sweeper().await(this);
  }

  /**
   * Whether nobody can serve yet although somebody soon may; otherwise the call goes on or ends.
   */
  boolean isStillWaiting() {
    if (finished) {
      return false;
    }
    if (tryBegin()) {
      waiting.end();
      return false;
    }
    if (waiting.isWorthwhile(attempts.isShed())) {
      return true;
    }
    giveUp();
    return false;
  }

  @Override
  public void abandon() {
    if (!finished) {
      finish(false);
      message.release();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    Passage current = passage;
    if (current != null) {
      current.setReading(on);
    }
  }

  /** Where the value begins in an answer that is streaming, in bytes from the answer's first. */
  public long streamedValueStart() {
    return passage().valueStart();
  }

  /** Who gives the answer that is streaming. */
  public Upstream streamedBy() {
    return passage().by();
  }

  private Passage passage() {
    Passage current = passage;
    if (current == null) {
      throw new IllegalStateException("passage: none (expected: an answer that streams)");
    }
    return current;
  }

  long nanoTime() {
    return loop.nanoTime();
  }

  CallMessage message() {
    return message;
  }

  Call call() {
    return call;
  }

  Demand demand() {
    return demand;
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
    attempt.teach(verdict);
    if (attempt.isBeaten()) {
      attempts.onBeatenAnswer(attempt, Attempts.resultOf(verdict));
      if (ballot != null) {
        ballot.onLate(attempt.upstream(), verdict);
      }
    } else if (message.isNotification()) {
      attempts.settle(attempt, Attempts.resultOf(verdict));
      endWithNothing(CallOutcome.OK);
    } else if (ballot != null) {
      onVote(ballot, attempt, verdict);
    } else if (verdict.blame() == Blame.NONE && !attempt.answer().isError()) {
      onResult(attempt);
    } else {
      onError(attempt, verdict);
    }
  }

  private void onVote(Ballot counting, Attempt attempt, Verdict verdict) {
    boolean isResult = verdict.blame() == Blame.NONE && attempt.answer().isResult();
    Doubt doubt = isResult ? demand.judge(attempt.upstream(), attempt.answer()) : null;
    if (doubt != null) {
      onDoubtfulVote(attempt, doubt);
      return;
    }
    Vote vote = counting.vote(attempt.upstream(), verdict, attempt.answer());
    CallOutcome outcome = CallOutcome.of(verdict, attempt.answer().isError());
    if (vote.kind() == Vote.Kind.DECIDES) {
      deliver(attempt, Attempts.resultOf(verdict), outcome);
      return;
    }
    if (attempt.answer().isResult() || attempt.answer().isError()) {
      lastWord().keepIfAbove(attempt, outcome, vote.rank());
    }
    stands |= vote.kind() == Vote.Kind.STANDS;
    goElsewhere(attempt, verdict);
  }

  /** What must not be believed has no vote; at the most it is better than nothing. */
  private void onDoubtfulVote(Attempt attempt, Doubt doubt) {
    if (doubt.mayStand()) {
      lastWord().keepIfAbove(attempt, CallOutcome.OK, 0);
    }
    onDoubt(attempt, new Doubt(doubt.why(), false));
  }

  /** What an attempt answered does not end the question: what others answer may. */
  private void goElsewhere(Attempt attempt, Verdict verdict) {
    Blame blame = verdict.blame();
    if (blame == Blame.LIMIT) {
      lane.evidence().onHoldOff(attempt.upstream(), attempt.answer().retryAfterNanos());
    }
    lastWord().note(attempt.upstream(), FailureWords.of(verdict));
    attempts.settle(attempt, Attempts.resultOf(verdict));
    mayRepeatThere |= blame == Blame.UPSTREAM;
    boolean isSafe = message.spec().isRepeatable() || blame != Blame.UPSTREAM;
    goOn(isSafe, RetryReason.of(verdict));
  }

  private void onResult(Attempt attempt) {
    Doubt doubt = demand.judge(attempt.upstream(), attempt.answer());
    if (doubt != null) {
      onDoubt(attempt, doubt);
      return;
    }
    long head = attempt.answer().headNumber(message.spec());
    if (head >= 0) {
      if (attempt.link().tryNoteHead(head, loop.nanoTime())) {
        chain.observer().onOrganicHead(attempt.upstream(), head);
      }
      if (chain.isStaleHead(head)) {
        onDoubt(attempt, new Doubt("it is at block " + head + ", behind the chain", true));
        return;
      }
    }
    deliver(attempt, AttemptResult.SUCCESS, CallOutcome.OK);
  }

  private void onDoubt(Attempt attempt, Doubt doubt) {
    lastWord().note(attempt.upstream(), doubt.why());
    if (doubt.mayStand()) {
      lastWord().keep(attempt, CallOutcome.OK);
      attempts.settle(attempt, AttemptResult.DATA_ERROR);
      askForSecondOpinion();
    } else {
      attempts.settle(attempt, AttemptResult.DATA_ERROR);
      goOn(true, RetryReason.DATA);
    }
  }

  private void askForSecondOpinion() {
    if (attempts.inFlight() == 0) {
      attempts.onRetry(RetryReason.DATA);
      onRetried(attempts.trySecondOpinion(call.remainingNanos()), RetryReason.DATA);
    }
  }

  private void onError(Attempt attempt, Verdict verdict) {
    Blame blame = verdict.blame();
    if (blame == Blame.CLIENT || blame == Blame.NONE) {
      deliver(attempt, Attempts.resultOf(verdict), CallOutcome.CLIENT_ERROR);
      return;
    }
    if (attempt.answer().isError() && (blame == Blame.DATA || blame == Blame.UPSTREAM)) {
      lastWord().keep(attempt, CallOutcome.UPSTREAM_ERROR);
    }
    goElsewhere(attempt, verdict);
  }

  /** An attempt ended without a whole answer. */
  void onFailure(Attempt attempt, ExchangeFailure failure) {
    if (attempt.isStreaming()) {
      onStreamBroken(attempt);
      return;
    }
    boolean blameless = FailureWords.isBlameless(failure.kind());
    attempts.settle(attempt, blameless ? AttemptResult.CANCELLED : AttemptResult.FAILED);
    if (attempt.isBeaten()) {
      return;
    }
    lastWord().note(attempt.upstream(), FailureWords.of(failure.kind()));
    mayRepeatThere = true;
    boolean isSafe = message.spec().isRepeatable() || !failure.maybeProcessed();
    goOn(isSafe, RetryReason.of(failure.kind()));
  }

  private void onStreamBroken(Attempt attempt) {
    attempts.settle(attempt, AttemptResult.FAILED);
    finish(false);
    sink.onBroken();
    message.release();
  }

  /**
   * Makes another attempt if that is allowed; else the call ends, unless somebody is still at it.
   */
  private void goOn(boolean isSafe, RetryReason reason) {
    if (attempts.inFlight() > 0) {
      return;
    }
    if (stands) {
      giveUp();
      return;
    }
    attempts.onRetry(reason);
    onRetried(attempts.tryRetry(isSafe, mayRepeatThere, call.remainingNanos()), reason);
  }

  private void onRetried(Pursuit.Retry retry, RetryReason reason) {
    switch (retry) {
      case STARTED -> chain.metrics().onRetry(reason);
      case NOBODY -> waitOrGiveUp();
      case REFUSED -> {
        if (message.spec().isRepeatable() && waiting.isForDemand()) {
          await();
        } else {
          giveUp();
        }
      }
    }
  }

  /** The answer has outgrown what may be held: this attempt wins, or its error is long. */
  void onTooLongToHold(Attempt attempt) {
    if (attempt.isBeaten()) {
      attempt.cancel();
      attempts.settle(attempt, Attempts.resultOf(attempt.answer().verdict(message.spec())));
      return;
    }
    if (!attempt.answer().isResult()) {
      Verdict verdict = attempt.answer().verdict(message.spec());
      attempt.teach(verdict);
      if (verdict.blame() != Blame.CLIENT) {
        attempt.cancel();
        goElsewhere(attempt, verdict);
        return;
      }
    }
    if (message.isNotification()) {
      attempt.cancel();
      attempts.settle(attempt, AttemptResult.SUCCESS);
      endWithNothing(CallOutcome.OK);
      return;
    }
    Doubt doubt = demand.judge(attempt.upstream(), attempt.answer());
    if (doubt != null) {
      attempt.cancel();
      onDoubt(attempt, new Doubt(doubt.why(), false));
      return;
    }
    startStreaming(attempt);
  }

  private void startStreaming(Attempt attempt) {
    attempts.onWon(attempt);
    call.noteAnsweredBy(attempt.upstream().id());
    Passage begun = new Passage(attempt, sink);
    passage = begun;
    attempts.onStreaming(attempt);
    begun.setReading(reading);
    begun.begin(message);
  }

  void onStreamed(ByteBuf chunk) {
    passage().onChunk(chunk);
  }

  void onStreamEnd(Attempt attempt) {
    passage().onLast();
    attempts.settle(attempt, AttemptResult.SUCCESS);
    finish(true);
    sink.onEnd();
    message.release();
  }

  private void deliver(Attempt winner, AttemptResult result, CallOutcome outcome) {
    WholeAnswer answer = winner.answer().takeWhole(message, outcome, winner.upstream());
    attempts.settle(winner, result);
    call.noteAnsweredBy(winner.upstream().id());
    if (winner.kind() == AttemptKind.HEDGE) {
      chain.metrics().onHedgeWon();
    }
    endWith(answer);
  }

  /** Nothing more can be tried. */
  private void giveUp() {
    boolean isShed = attempts.isShed();
    if (message.isNotification()) {
      endWithNothing(isShed ? CallOutcome.SHED : CallOutcome.UNSERVED);
    } else {
      endWith(lastWord().ofNobody(isShed));
    }
  }

  private void timeOut() {
    for (Upstream upstream : attempts.timeOutAll()) {
      lastWord().note(upstream, "no answer");
    }
    if (message.isNotification() || stands) {
      giveUp();
    } else {
      endWith(lastWord().ofLate());
    }
  }

  /** A look at an attempt in flight; see {@link Sweeper}. */
  void onSweep(Attempt attempt) {
    long now = loop.nanoTime();
    if (attempt.isBeaten()) {
      attempts.lookAtBeaten(attempt, loop.tookNanos(attempt.startNanos(), now));
    } else if (attempt.isStreaming()) {
      if (reading && passage().isStalled(now)) {
        attempt.cancel();
        onStreamBroken(attempt);
      }
    } else if (call.remainingNanos() <= 0) {
      timeOut();
    } else if (attempts.isGivenUp(attempt, loop.tookNanos(attempt.startNanos(), now))) {
      lastWord().note(attempt.upstream(), "no answer");
      goOn(true, RetryReason.TIMED_OUT);
    }
  }

  private void endWith(WholeAnswer answer) {
    finish(answer.outcome() == CallOutcome.OK || answer.outcome() == CallOutcome.CLIENT_ERROR);
    try {
      sink.onWhole(answer);
    } finally {
      message.release();
    }
  }

  private void endWithNothing(CallOutcome outcome) {
    finish(outcome == CallOutcome.OK);
    sink.onNothing(outcome);
    message.release();
  }

  /** Ends the attempts; the message stays until the sink has heard of the end. */
  private void finish(boolean isAnswered) {
    finished = true;
    waiting.end();
    if (isAnswered) {
      attempts.onWon(null);
    } else {
      attempts.cancelAll();
    }
    if (lastWord != null) {
      lastWord.drop();
    }
  }
}
