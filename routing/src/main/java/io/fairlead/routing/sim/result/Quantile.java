package io.fairlead.routing.sim.result;

/** A figure of a distribution of latencies. */
public enum Quantile {
  /** The median. */
  P50(0, 50),
  /** Nineteen in twenty take at most this. */
  P95(1, 95),
  /** Ninety-nine in a hundred. */
  P99(2, 99),
  /** Nine hundred and ninety-nine in a thousand. */
  P999(3, 99.9);

  private final int index;
  private final double percent;

  Quantile(int index, double percent) {
    this.index = index;
    this.percent = percent;
  }

  /**
   * A small number, for arrays that are kept per quantile.
   *
   * @return 0 to the number of quantiles - 1
   */
  public int index() {
    return index;
  }

  /**
   * The part of calls that take at most this.
   *
   * @return in percent
   */
  public double percent() {
    return percent;
  }
}
