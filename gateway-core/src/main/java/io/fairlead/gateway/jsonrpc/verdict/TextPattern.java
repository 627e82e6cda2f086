package io.fairlead.gateway.jsonrpc.verdict;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Words to look for in an error's text, regardless of ASCII case: {@code *} stands for anything
 * between, {@code ^} at the beginning and {@code $} at the end tie them to the text's.
 *
 * @param parts what stands between the stars, in lower case
 * @param fromStart whether the first part begins the text
 * @param toEnd whether the last part ends the text
 */
record TextPattern(List<byte[]> parts, boolean fromStart, boolean toEnd) {
  static TextPattern of(String written) {
    boolean fromStart = written.startsWith("^");
    boolean toEnd = written.endsWith("$");
    String words = written.substring(fromStart ? 1 : 0, written.length() - (toEnd ? 1 : 0));
    List<byte[]> parts = new ArrayList<>();
    for (String part : words.toLowerCase(Locale.ROOT).split("\\*", -1)) {
      if (part.isBlank()) {
        throw new IllegalArgumentException(
            "text: '" + written + "' (expected: words at both sides of a star)");
      }
      parts.add(JsonSkip.ascii(part));
    }
    return new TextPattern(List.copyOf(parts), fromStart, toEnd);
  }

  /** Whether there is a star in it. */
  boolean isGapped() {
    return parts.size() > 1;
  }

  /** The part that says most: without it the words are not there. */
  byte[] longestPart() {
    return parts.stream().max(Comparator.comparingInt(part -> part.length)).orElseThrow();
  }

  /** Whether the words are in a text, part by part; the text is in any case. */
  boolean fits(byte[] text, int start, int end) {
    int at = start;
    for (int i = 0; i < parts.size(); i++) {
      byte[] part = parts.get(i);
      boolean isLast = i == parts.size() - 1;
      int from = isLast && toEnd ? Math.max(at, end - part.length) : at;
      int room = end - part.length;
      int last = i == 0 && fromStart ? Math.min(start, room) : room;
      int found = find(part, text, from, last);
      if (found < 0) {
        return false;
      }
      at = found + part.length;
    }
    return true;
  }

  /** Where a part begins, from one index to another, both included; -1 if nowhere. */
  private static int find(byte[] part, byte[] text, int from, int last) {
    for (int i = from; i <= last; i++) {
      int j = 0;
      while (j < part.length && lower(text[i + j]) == part[j]) {
        j++;
      }
      if (j == part.length) {
        return i;
      }
    }
    return -1;
  }

  /** A byte of ASCII in lower case, any other as it is. */
  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
  }
}
