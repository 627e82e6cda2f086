package io.fairlead.gateway.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the word that a misspelt one was probably meant to be.
 *
 * <p>Case, {@code -} and {@code _} do not count. Among the rest it takes the word at the least
 * distance (insert, drop, change or swap neighbours), at most a third of the length and at most
 * three. Source: optimal string alignment, Damerau 1964.
 */
public final class Spelling {
  private static final int MAX_DISTANCE = 3;

  private Spelling() {}

  /** The nearest of the words, if one is near. */
  static Optional<String> suggest(String written, Collection<String> words) {
    String key = fold(written);
    return words.stream()
        .filter(w -> distance(key, fold(w)) <= allowed(key))
        .min(Comparator.comparingInt((String w) -> distance(key, fold(w))).thenComparing(w -> w));
  }

  /**
   * A part of a message: the suggestion if there is one.
   *
   * @param written what somebody wrote
   * @param words what it could have been
   * @return {@code ; did you mean WORD?} or nothing
   */
  public static String hint(String written, Collection<String> words) {
    return suggest(written, words).map(w -> "; did you mean " + w + "?").orElse("");
  }

  private static int allowed(String key) {
    return Math.min(MAX_DISTANCE, (key.length() + 1) / 3);
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        d[i][j] = isSwap(a, b, i, j) ? Math.min(best, d[i - 2][j - 2] + 1) : best;
      }
    }
    return d[a.length()][b.length()];
  }

  private static boolean isSwap(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
