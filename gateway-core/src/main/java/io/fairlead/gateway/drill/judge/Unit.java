package io.fairlead.gateway.drill.judge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** What a metric's figures are counted in, and how they are written. */
public enum Unit {
  /** Time, in milliseconds. */
  MILLIS("a duration, like 50ms") {
    @Override
    public String format(double value) {
      if (value >= 9_999.5) {
        return String.format(Locale.ROOT, "%.1f s", value / 1e3);
      }
      return value < 10
          ? NUMBER.format(value) + " ms"
          : String.format(Locale.ROOT, "%,.0f ms", value);
    }
  },
  /** A share of 1. */
  SHARE("a share, like 5%") {
    @Override
    public String format(double value) {
      return NUMBER.format(100 * value) + "%";
    }
  },
  /** Something that is counted, or a ratio. */
  NUMBER("a number") {
    @Override
    public String format(double value) {
      boolean isWhole = value == Math.rint(value) || Math.abs(value) >= 100;
      return isWhole
          ? String.format(Locale.ROOT, "%,.0f", value)
          : BigDecimal.valueOf(value)
              .round(new MathContext(3))
              .stripTrailingZeros()
              .toPlainString();
    }
  };

  private final String expected;

  Unit(String expected) {
    this.expected = expected;
  }

  /**
   * How an amount of this unit is written in a scenario file.
   *
   * @return fits behind "expected:"
   */
  public String expected() {
    return expected;
  }

  /**
   * An amount for people.
   *
   * @param value in this unit; finite
   * @return with the unit
   */
  public abstract String format(double value);
}
