package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.AnswerKind;
import io.fairlead.gateway.jsonrpc.AnswerScanner;
import io.fairlead.gateway.jsonrpc.Excerpt;
import io.fairlead.gateway.jsonrpc.method.DataRows;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.routing.Blame;
import java.util.List;

/**
 * Tells who is to blame for an upstream's error, and what it is about.
 *
 * <p>The same meaning comes with many codes and words, so the rules are data, read in order; the
 * first that fits counts. What no rule fits passes through to the client as it came, if it is a
 * JSON-RPC error with a status below 500.
 *
 * <p>Only errors come this way; a result at HTTP 200 costs two comparisons. An error's words are
 * read once for all rules, in place, as far as the scanner keeps them: {@link
 * AnswerScanner#MESSAGE_KEPT_BYTES} of its message and {@link AnswerScanner#DATA_KEPT_BYTES} of its
 * data; nothing is allocated.
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
  private final RuleConditions conditions;
  private final PhraseAutomaton phrases;

  /** The rules that ask for no text. */
  private final long textless;

  private AnswerClassifier(List<AnswerRule> rules) {
    this.rules = List.copyOf(rules);
    conditions = new RuleConditions(rules);
    phrases = PhraseAutomaton.of(rules);
    long bits = 0;
    for (int i = 0; i < rules.size(); i++) {
      bits |= rules.get(i).texts().isEmpty() ? 1L << i : 0;
    }
    textless = bits;
  }

  /**
   * The rules of EVM chains.
   *
   * @return a classifier, read from the program's resources
   */
  public static AnswerClassifier evm() {
    return of(DataRows.read(AnswerClassifier.class, EVM));
  }

  /** The rules of rows, in their order. */
  static AnswerClassifier of(List<List<String>> rows) {
    return new AnswerClassifier(rows.stream().map(AnswerRule::of).toList());
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
    if (status >= 300 && status < 400) {
      return GAVE_UP; // somebody else is to be asked, which nobody configured
    }
    long fitting = conditions.fitting(status, answer.errorCode(), method.methodClass());
    long first = Long.lowestOneBit(fitting & textless);
    first = earlier(answer.message(), fitting, first);
    first = earlier(answer.data(), fitting, first);
    if (first != 0) {
      return rules.get(Long.numberOfTrailingZeros(first)).verdict();
    }
    return switch (kind) {
      case NOT_JSON -> status >= 500 ? GAVE_UP : NOT_JSON;
      case ERROR, RESULT -> status >= 500 ? GAVE_UP : OTHER;
      default -> NO_ANSWER;
    };
  }

  /** The first rule that fits by a text, or the one that was known to fit if none comes before. */
  private long earlier(Excerpt text, long fitting, long known) {
    long found = phrases.first(text, fitting & ~textless & known - 1);
    return found == 0 ? known : found;
  }
}
