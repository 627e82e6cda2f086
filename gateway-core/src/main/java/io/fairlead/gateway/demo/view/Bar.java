package io.fairlead.gateway.demo.view;

/** A horizontal bar of a share, in eighths of a column where the terminal can show them. */
final class Bar {
  private static final String EIGHTHS = "▏▎▍▌▋▊▉";

  private Bar() {}

  /** The filled part; at most {@code width} characters. */
  static String filled(double share, int width, boolean isUnicode) {
    double columns = Math.min(1, Math.max(0, share)) * width;
    if (!isUnicode) {
      return "#".repeat((int) Math.round(columns));
    }
    int eighths = (int) Math.round(columns * 8);
    String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8 - 1, eighths % 8);
    return "█".repeat(eighths / 8) + rest;
  }

  /** The empty part. */
  static String empty(int columns, boolean isUnicode) {
    return (isUnicode ? "░" : ".").repeat(Math.max(0, columns));
  }
}
