package io.fairlead.gateway.config.yaml;

import java.util.Comparator;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record Position(int line, int column) implements Comparable<Position> {
  /** Where a text begins. */
  public static final Position START = new Position(1, 1);

  private static final Comparator<Position> ORDER =
      Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

  /**
   * Where a text ends.
   *
   * @param text the text
   * @return the place behind its last character
   */
  public static Position endOf(String text) {
    return new SourceText(text).position(text.length());
  }

  /**
   * A place in a text that begins here.
   *
   * @param inner the place as if that text stood alone
   * @return the same place in the whole
   */
  Position plus(Position inner) {
    return inner.line == 1
        ? new Position(line, column + inner.column - 1)
        : new Position(line + inner.line - 1, inner.column);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
