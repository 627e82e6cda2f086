package io.fairlead.gateway.drill.report;

/**
 * One line or band of a plot.
 *
 * @param name what the legend calls it
 * @param colour the number of its colour, from 0
 * @param values one for each bucket of 100 ms; NaN where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // a row that a plot reads once
record Series(String name, int colour, double[] values) {
  /** How many colours the page has. */
  static final int COLOURS = 8;

  String style(String prefix) {
    return prefix + Math.min(colour, COLOURS - 1);
  }
}
