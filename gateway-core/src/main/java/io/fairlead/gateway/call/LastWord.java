package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import java.util.concurrent.TimeUnit;

/**
 * What a question ends with when no answer could be believed: the best that any upstream said, or
 * an error of the gateway's own that tells whom the question was put to.
 *
 * <p>Thread-safety: confined to the question's event loop. Ownership: owns the answer that it
 * keeps, until it is said or {@link #drop dropped}.
 */
final class LastWord {
  private final Question question;
  private final CallMessage message;
  private final ChainRuntime chain;
  private final Trail trail = new Trail();
  private final Fallback fallback;

  LastWord(Question question) {
    this.question = question;
    this.message = question.message();
    this.chain = question.chain();
    this.fallback = new Fallback(message);
  }

  /** An upstream did not help. */
  void note(Upstream upstream, String why) {
    trail.note(upstream, why);
  }

  /** An attempt's answer is better than what was kept before. */
  void keep(Attempt attempt, CallOutcome outcome) {
    fallback.keep(attempt, outcome);
  }

  /** An attempt's answer is kept if it ranks above all others. */
  void keepIfAbove(Attempt attempt, CallOutcome outcome, long rank) {
    fallback.keepIfAbove(attempt, outcome, rank);
  }

  /**
   * Says it when nothing more can be tried.
   *
   * @param isShed whether it was for want of room alone
   */
  WholeAnswer ofNobody(boolean isShed) {
    CallOutcome outcome = isShed ? CallOutcome.SHED : CallOutcome.UNSERVED;
    Holdings.Lack lack = chain.holdings().lack(message, chain.table(), question.nanoTime());
    if (lack != null && lack.sort() == Holdings.Lack.Sort.DATA) {
      return own(outcome, OwnError.UNAVAILABLE, lack.text());
    }
    WholeAnswer kept = fallback.take();
    if (kept != null) {
      Upstream by = kept.by();
      question.call().noteAnsweredBy(by == null ? null : by.id());
      return kept;
    }
    if (lack != null && lack.sort() == Holdings.Lack.Sort.METHOD) {
      return own(CallOutcome.REFUSED, OwnError.NO_METHOD, lack.text());
    }
    return own(outcome, OwnError.UNAVAILABLE, trail.nobody(question, isShed, lack));
  }

  /** Says it when time is up. */
  WholeAnswer ofLate() {
    long millis = TimeUnit.NANOSECONDS.toMillis(chain.policy().timeoutNanos());
    return own(CallOutcome.TIMED_OUT, OwnError.TIMED_OUT, trail.late(question, millis));
  }

  private WholeAnswer own(CallOutcome outcome, OwnError error, String text) {
    return WholeAnswer.own(
        outcome, error.httpStatus(), message.toError(question.loop().alloc(), error.code(), text));
  }

  void drop() {
    fallback.drop();
  }
}
