package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.routing.Blame;
import io.fairlead.routing.MethodClass;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The rows of the answer data as their heading reads: one after the other, by expressions. */
final class PlainReading {
  private final List<List<String>> rows;
  private final Map<String, Pattern> expressions = new HashMap<>();

  PlainReading(List<List<String>> rows) {
    this.rows = rows;
  }

  /** The verdict on an error, whose texts are what is kept of them, without quotes. */
  Verdict verdict(AnError error) {
    return verdict(
        error.status(),
        error.code(),
        error.methodClass(),
        List.of(error.keptMessage(), error.keptData()));
  }

  /** The verdict on a status, a code, what was called and texts. */
  Verdict verdict(int status, String code, MethodClass methodClass, List<String> texts) {
    for (List<String> cells : rows) {
      if (isNamed(cells.get(2), status + "")
          && isNamed(cells.get(3), code)
          && isNamed(cells.get(4), methodClass.name().toLowerCase(Locale.ROOT))
          && isWritten(cells.subList(5, cells.size()), texts)) {
        return new Verdict(
            Blame.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
            Verdict.Kind.valueOf(cells.get(0).toUpperCase(Locale.ROOT).replace('-', '_')));
      }
    }
    return status >= 500
        ? new Verdict(Blame.UPSTREAM, Verdict.Kind.NODE_GAVE_UP)
        : new Verdict(Blame.CLIENT, Verdict.Kind.OTHER);
  }

  private static boolean isNamed(String cell, String value) {
    return cell.equals("-") || List.of(cell.split(" +")).contains(value);
  }

  private boolean isWritten(List<String> rowTexts, List<String> texts) {
    List<String> words = rowTexts.stream().filter(text -> !text.equals("-")).toList();
    if (words.isEmpty()) {
      return true;
    }
    return words.stream()
        .map(text -> expressions.computeIfAbsent(text, PlainReading::expression))
        .anyMatch(one -> texts.stream().anyMatch(text -> one.matcher(text).find()));
  }

  private static Pattern expression(String text) {
    String from = text.startsWith("^") ? "\\A" : "";
    String to = text.endsWith("$") ? "\\z" : "";
    String words = text.substring(from.isEmpty() ? 0 : 1, text.length() - (to.isEmpty() ? 0 : 1));
    String any = Pattern.quote(words).replace("*", "\\E.*\\Q");
    return Pattern.compile(from + any + to, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
