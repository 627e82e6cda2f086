package io.fairlead.gateway.drill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Values from bottom to top of a plot.
 *
 * @param low at the bottom
 * @param high at the top, more than {@code low}
 * @param isLog whether equal ratios take equal room; {@code low} is then more than 0
 */
record Axis(double low, double high, boolean isLog) {
  private static final double[] STEPS = {1, 2, 5, 10};
  private static final int TICKS = 5;

  /** From 0 to a round number at or above the most. */
  static Axis linear(double most) {
    double step = step(Math.max(most, 1e-9) / TICKS);
    return new Axis(0, step * Math.ceil(Math.max(most, 1e-9) / step - 1e-9), false);
  }

  /** Between powers of ten. */
  static Axis log(double least, double most) {
    double low = Math.pow(10, Math.floor(Math.log10(least) + 1e-9));
    double high = Math.pow(10, Math.ceil(Math.log10(Math.max(most, least * 1.01)) - 1e-9));
    return new Axis(low, Math.max(high, low * 10), true);
  }

  private static double step(double raw) {
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    for (double step : STEPS) {
      if (step * power >= raw * (1 - 1e-9)) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** Where a value stands: 0 at the bottom, 1 at the top; what is beyond stands at the edge. */
  double place(double value) {
    double part =
        isLog
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.max(0, Math.min(1, part));
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (isLog) {
      for (double tick = low; tick <= high * 1.001; tick *= 10) {
        ticks.add(tick);
      }
      return ticks;
    }
    double step = step((high - low) / TICKS);
    for (int i = 0; low + i * step <= high * (1 + 1e-9); i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  static String text(double tick) {
    return tick >= 1 || tick == 0
        ? String.format(Locale.ROOT, "%,.0f", tick)
        : String.format(Locale.ROOT, "%.4g", tick).replaceAll("0+$", "");
  }
}
