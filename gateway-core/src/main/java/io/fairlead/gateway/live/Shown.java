package io.fairlead.gateway.live;

import java.util.Locale;

/** How figures are written for people. */
enum Shown {
  /** A time in milliseconds. */
  MILLIS {
    @Override
    String finite(double value) {
      return value >= 9_999.5
          ? String.format(Locale.ROOT, "%.1f s", value / 1e3)
          : String.format(Locale.ROOT, value < 9.95 ? "%.1f ms" : "%.0f ms", value);
    }
  },
  /** A count or a ratio. */
  NUMBER {
    @Override
    String finite(double value) {
      return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
    }
  },
  /** A share of 1. */
  SHARE {
    @Override
    String finite(double value) {
      return String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }
  };

  abstract String finite(double value);

  /** A figure; a dash where it does not apply, "never" for what did not happen. */
  String text(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return Double.isInfinite(value) ? "never" : finite(value);
  }
}
