package io.fairlead.gateway.drill.report;

import java.util.ArrayList;
import java.util.List;

/** A table of texts under a heading: the same rows as aligned text, Markdown or HTML. */
final class Grid {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these columns; the first to the left, the others to the right. */
  Grid(List<String> columns) {
    rows.add(List.copyOf(columns));
  }

  void add(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.size() + " (expected: " + rows.get(0).size() + ")");
    }
    rows.add(List.copyOf(cells));
  }

  String toText() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + padding : GAP + padding + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder(line(rows.get(0)));
    text.append("|---|").append("---:|".repeat(rows.get(0).size() - 1)).append('\n');
    rows.subList(1, rows.size()).forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> row) {
    List<String> cells = row.stream().map(cell -> cell.replace("|", "\\|")).toList();
    return "| " + String.join(" | ", cells) + " |\n";
  }

  String toHtml() {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<thead>");
    row(html, rows.get(0), "th");
    html.append("</thead>\n<tbody>\n");
    rows.subList(1, rows.size()).forEach(row -> row(html, row, "td"));
    return html.append("</tbody>\n</table></div>\n").toString();
  }

  private static void row(StringBuilder html, List<String> cells, String tag) {
    html.append("<tr>");
    for (String cell : cells) {
      html.append('<').append(tag).append('>').append(Html.escape(cell));
      html.append("</").append(tag).append('>');
    }
    html.append("</tr>\n");
  }
}
