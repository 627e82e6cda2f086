package io.fairlead.probes;

import io.fairlead.routing.evidence.AttemptResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer to a probe says of the upstream's health.
 *
 * @param outcome how the probe ended
 * @param problem what is wrong with the answer, in our own words: an upstream's text may hold a key
 * @param result the result, when there is one
 */
record Verdict(AttemptResult outcome, String problem, Answer.@Nullable Result result) {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Set<Integer> REFUSED_STATUSES = Set.of(401, 402, 403);
  private static final Set<Long> LIMIT_CODES =
      Set.of(429L, -32005L, -32007L, -32009L, -32016L, -32097L);
  private static final Set<Long> MISSING_METHOD_CODES =
      Set.of(-32601L, -32004L, -32001L, -32612L, -32613L);

  static Verdict of(int httpStatus, byte[] body) {
    if (httpStatus == TOO_MANY_REQUESTS) {
      return new Verdict(AttemptResult.LIMITED, "HTTP 429", null);
    }
    if (REFUSED_STATUSES.contains(httpStatus)) {
      return new Verdict(AttemptResult.ACCOUNT_REFUSED, "HTTP " + httpStatus, null);
    }
    Answer answer = AnswerReader.read(body);
    if (answer instanceof Answer.Refusal error) {
      return ofError(error.code());
    }
    if (httpStatus / 100 != 2) {
      return failed("HTTP " + httpStatus);
    }
    if (answer instanceof Answer.Rubbish rubbish) {
      return failed(rubbish.reason());
    }
    return new Verdict(AttemptResult.SUCCESS, "", (Answer.Result) answer);
  }

  static Verdict failed(String problem) {
    return new Verdict(AttemptResult.FAILED, problem, null);
  }

  static Verdict timedOut() {
    return new Verdict(AttemptResult.TIMED_OUT, "no answer in time", null);
  }

  private static Verdict ofError(long code) {
    if (LIMIT_CODES.contains(code)) {
      return new Verdict(AttemptResult.LIMITED, "error " + code, null);
    }
    if (MISSING_METHOD_CODES.contains(code)) {
      return new Verdict(AttemptResult.SUCCESS, "error " + code + ", not offered", null);
    }
    return failed("error " + code);
  }

  boolean isSuccess() {
    return outcome == AttemptResult.SUCCESS;
  }
}
