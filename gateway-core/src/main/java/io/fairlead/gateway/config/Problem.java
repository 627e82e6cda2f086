package io.fairlead.gateway.config;

import java.util.Comparator;

/**
 * One thing that is wrong with a configuration, and where.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1, in characters
 * @param message {@code field: value (expected: rule)}; never a secret
 */
public record Problem(String file, int line, int column, String message)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** The line that a user sees. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + message;
  }
}
