package io.fairlead.gateway.cli.admin;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows in aligned columns under a heading; numbers to the right. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table; a column whose heading begins with {@code >} is aligned to the right. */
  TextTable(String... columns) {
    this.columns = List.of(columns);
    rows.add(this.columns.stream().map(c -> isRight(c) ? c.substring(1) : c).toList());
  }

  void add(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.length + " (expected: " + columns.size() + ")");
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(printable(cell));
    }
    rows.add(row);
  }

  void print(PrintWriter out) {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : GAP);
        line.append(isRight(columns.get(i)) ? padding + row.get(i) : row.get(i) + padding);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** A share of 0 to 1 as {@code 25.0%}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** A text that cannot move the cursor of a terminal. */
  /** Whole minutes, or seconds below two of them. */
  static String minutes(long seconds) {
    return seconds < 120 ? seconds + "s" : seconds / 60 + "m";
  }

  static String printable(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", "?")
        : text;
  }

  private static boolean isRight(String column) {
    return column.startsWith(">");
  }
}
