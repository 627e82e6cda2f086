package io.fairlead.gateway.config.yaml;

import java.util.Arrays;

/**
 * A text by code points, with the beginnings of its lines.
 *
 * <p>Cost: a position is a binary search over the lines.
 */
final class SourceText {
  private final int[] codePoints;
  private final int[] lineStarts;

  SourceText(String text) {
    this.codePoints = text.codePoints().toArray();
    int[] starts = new int[codePoints.length + 1];
    int lines = 1;
    for (int i = 0; i < codePoints.length; i++) {
      if (isLineEnd(i)) {
        starts[lines] = i + 1;
        lines++;
      }
    }
    this.lineStarts = Arrays.copyOf(starts, lines);
  }

  /** Line feeds end a line, and returns that no line feed follows. */
  private boolean isLineEnd(int i) {
    boolean beforeFeed = i + 1 < codePoints.length && codePoints[i + 1] == '\n';
    return codePoints[i] == '\n' || (codePoints[i] == '\r' && !beforeFeed);
  }

  /** The place of a code point; past the end it is the end. */
  Position position(int index) {
    int known = Math.min(index, codePoints.length);
    int found = Arrays.binarySearch(lineStarts, known);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line + 1, known - lineStarts[line] + 1);
  }

  /** The text between two code points. */
  String slice(int start, int end) {
    int from = Math.min(start, codePoints.length);
    return new String(codePoints, from, Math.max(0, Math.min(end, codePoints.length) - from));
  }
}
