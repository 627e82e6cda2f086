package io.fairlead.gateway.demo.view;

/** A line of a screen that grows to the right and never past the screen's width. */
final class Line {
  private final Style style;
  private final StringBuilder text = new StringBuilder();
  private int length;

  Line(Style style) {
    this.style = style;
  }

  Line add(Tone tone, String more) {
    int room = style.width() - length;
    String shown = style.isUnicode() ? more : toAscii(more);
    shown = shown.length() <= room ? shown : shown.substring(0, Math.max(0, room));
    length += shown.length();
    text.append(style.hasColor() && !shown.isEmpty() ? tone.paint(shown) : shown);
    return this;
  }

  /** The columns that are left. */
  int room() {
    return style.width() - length;
  }

  @Override
  public String toString() {
    return style.hasColor() ? text.toString() : text.toString().stripTrailing();
  }

  private static String toAscii(String text) {
    return text.replace('·', '-').replaceAll("[^\\x20-\\x7e]", "?");
  }
}
