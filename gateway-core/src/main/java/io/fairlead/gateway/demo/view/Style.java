package io.fairlead.gateway.demo.view;

/**
 * What the terminal can show.
 *
 * @param width columns
 * @param hasColor whether colours are wanted
 * @param isUnicode whether block characters can be shown
 */
public record Style(int width, boolean hasColor, boolean isUnicode) {
  private static final int NARROWEST = 20;
  private static final int WIDEST = 110;

  /** Keeps the width within what the layout is made for. */
  public Style {
    width = Math.min(WIDEST, Math.max(NARROWEST, width));
  }
}
