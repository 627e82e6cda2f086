package io.fairlead.gateway.demo.view;

import java.util.Locale;

/** How the demo writes numbers: three digits that matter, the unit beside them. */
final class Numbers {
  private Numbers() {}

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  static String millis(double millis) {
    if (millis >= 9_999.5) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    return String.format(Locale.ROOT, millis < 9.95 ? "%.1f ms" : "%.0f ms", millis);
  }

  static String percent(double share) {
    double percent = share * 100;
    return String.format(Locale.ROOT, percent < 9.95 ? "%.1f %%" : "%.0f %%", percent);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.0f/s", perSecond);
  }

  /** Text in a column of a width, to the left when it is negative; never cut. */
  static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%" + width + "s", text);
  }
}
