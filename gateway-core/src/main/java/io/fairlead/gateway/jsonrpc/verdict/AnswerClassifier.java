package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.method.DataRows;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.routing.Blame;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells who is to blame for an upstream's error, and what it is about.
 *
 * <p>The same meaning comes with many codes and words, so the rules are data, read in order; the
 * first that fits counts. What no rule fits passes through to the client as it came, if it is a
 * JSON-RPC error with a status below 500.
 *
 * <p>Only errors come this way; a result at HTTP 200 costs two comparisons.
 *
 * <p>Source: {@code evm-answers.txt}. Thread-safety: immutable; the scanner read is the caller's.
 */
public final class AnswerClassifier {
  private static final String EVM = "evm-answers.txt";
  private static final Verdict OTHER = new Verdict(Blame.CLIENT, Verdict.Kind.OTHER);
  private static final Verdict GAVE_UP = new Verdict(Blame.UPSTREAM, Verdict.Kind.NODE_GAVE_UP);
  private static final Verdict NOT_JSON = new Verdict(Blame.UPSTREAM, Verdict.Kind.NOT_JSON);
  private static final Verdict NO_ANSWER = new Verdict(Blame.UPSTREAM, Verdict.Kind.NOT_AN_ANSWER);

  private final List<AnswerRule> rules;

  private AnswerClassifier(List<AnswerRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * The rules of EVM chains.
   *
   * @return a classifier, read from the program's resources
   */
  public static AnswerClassifier evm() {
    List<AnswerRule> rules = new ArrayList<>();
    for (List<String> cells : DataRows.read(AnswerClassifier.class, EVM)) {
      rules.add(AnswerRule.of(cells));
    }
    return new AnswerClassifier(rules);
  }

  /**
   * Judges an answer.
   *
   * @param status the HTTP status
   * @param answer the scanner, decided or finished
   * @param method the method that was called
   * @return the verdict
   */
  public Verdict classify(int status, AnswerScanner answer, MethodSpec method) {
    AnswerKind kind = answer.kind();
    if (kind == AnswerKind.RESULT && status < 300) {
      return Verdict.ANSWERED;
    }
    long code = answer.errorCode();
    LowerText message = new LowerText(answer.message());
    LowerText data = new LowerText(answer.data());
    for (AnswerRule rule : rules) {
      if (rule.fits(status, code, method.methodClass()) && rule.fitsText(message, data)) {
        return rule.verdict();
      }
    }
    return switch (kind) {
      case NOT_JSON -> status >= 500 ? GAVE_UP : NOT_JSON;
      case ERROR, RESULT -> status >= 500 ? GAVE_UP : OTHER;
      default -> NO_ANSWER;
    };
  }
}
