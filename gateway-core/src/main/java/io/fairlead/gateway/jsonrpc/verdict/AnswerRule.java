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
    Set<Long> statuses,
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
        verdict, numbers(cells.get(2)), numbers(cells.get(3)), classes, List.copyOf(texts));
  }

  private static Set<Long> numbers(String cell) {
    return Set.copyOf(words(cell).stream().map(Long::valueOf).toList());
  }

  private static List<String> words(String cell) {
    return cell.equals(ANY) ? List.of() : List.of(cell.split(" +"));
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
