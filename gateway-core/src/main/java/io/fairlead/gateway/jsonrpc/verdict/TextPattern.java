package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Words to look for in an error's text, regardless of ASCII case: {@code *} stands for anything
 * between, {@code ^} at the beginning and {@code $} at the end tie them to the text's.
 */
final class TextPattern {
  private final List<byte[]> parts;
  private final boolean fromStart;
  private final boolean toEnd;
  private final int[] threes;

  private TextPattern(List<byte[]> parts, boolean fromStart, boolean toEnd) {
    this.parts = parts;
    this.fromStart = fromStart;
    this.toEnd = toEnd;
    this.threes = threes(parts);
  }

  /** Hashes of the first and the last three bytes of each part that has as many. */
  private static int[] threes(List<byte[]> parts) {
    return parts.stream()
        .filter(part -> part.length >= 3)
        .flatMapToInt(
            part -> IntStream.of(LowerText.hash(part, 0), LowerText.hash(part, part.length - 3)))
        .toArray();
  }

  static TextPattern of(String written) {
    boolean fromStart = written.startsWith("^");
    boolean toEnd = written.endsWith("$");
    String words = written.substring(fromStart ? 1 : 0, written.length() - (toEnd ? 1 : 0));
    List<byte[]> parts = new ArrayList<>();
    for (String part : words.toLowerCase(Locale.ROOT).split("\\*", -1)) {
      parts.add(JsonSkip.ascii(part));
    }
    if (words.isBlank()) {
      throw new IllegalArgumentException("text: '" + written + "' (expected: words)");
    }
    return new TextPattern(List.copyOf(parts), fromStart, toEnd);
  }

  boolean fits(LowerText text) {
    for (int hash : threes) {
      if (!text.mayHave(hash)) {
        return false;
      }
    }
    int at = 0;
    for (byte[] part : parts) {
      int found = text.indexOf(part, at);
      if (found < 0 || (fromStart && at == 0 && found > 0)) {
        return false;
      }
      at = found + part.length;
    }
    return !toEnd || at == text.length();
  }
}
