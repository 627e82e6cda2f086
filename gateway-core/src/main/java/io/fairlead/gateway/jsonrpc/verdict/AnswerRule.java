package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.routing.Blame;
import io.fairlead.routing.MethodClass;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A row of the answer data: conditions that must all hold, and the verdict if they do.
 *
 * @param verdict what it means
 * @param statuses HTTP statuses, empty for any
 * @param codes error codes, empty for any
 * @param classes method classes, empty for any
 * @param texts of which one must be in the message or the data, empty for any
 */
record AnswerRule(
    Verdict verdict,
    Set<Integer> statuses,
    Set<Long> codes,
    Set<MethodClass> classes,
    List<TextPattern> texts) {
  private static final int COLUMNS = 6;
  private static final String ANY = "-";

  /** Reads a row: kind, blame, HTTP statuses, codes, classes, texts. */
  static AnswerRule of(List<String> cells) {
    if (cells.size() < COLUMNS) {
      throw new IllegalArgumentException(
          "answer row: " + cells + " (expected: " + COLUMNS + " columns or more)");
    }
    Verdict verdict =
        new Verdict(Blame.valueOf(upper(cells.get(1))), Verdict.Kind.valueOf(upper(cells.get(0))));
    Set<MethodClass> classes = EnumSet.noneOf(MethodClass.class);
    for (String name : words(cells.get(4))) {
      classes.add(MethodClass.valueOf(upper(name)));
    }
    List<TextPattern> texts = new ArrayList<>();
    for (String text : cells.subList(COLUMNS - 1, cells.size())) {
      if (!text.equals(ANY)) {
        texts.add(TextPattern.of(text));
      }
    }
    return new AnswerRule(
        verdict,
        Set.copyOf(words(cells.get(2)).stream().map(Integer::valueOf).toList()),
        Set.copyOf(words(cells.get(3)).stream().map(Long::valueOf).toList()),
        classes,
        List.copyOf(texts));
  }

  boolean fits(int status, long code, MethodClass methodClass) {
    return (statuses.isEmpty() || statuses.contains(status))
        && (codes.isEmpty() || codes.contains(code))
        && (classes.isEmpty() || classes.contains(methodClass));
  }

  boolean fitsText(LowerText message, LowerText data) {
    if (texts.isEmpty()) {
      return true;
    }
    for (TextPattern text : texts) {
      if (text.fits(message) || text.fits(data)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> words(String cell) {
    return cell.equals(ANY) ? List.of() : List.of(cell.split(" +"));
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
