package io.fairlead.routing.sim.result;

import io.fairlead.routing.MethodClass;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Latencies that clients saw, by method class and window. Calls that the client gave up count as
 * its timeout; calls that got an error do not count.
 *
 * <p>Units: milliseconds from the arrival of a call to the answer to its client.
 *
 * <p>Thread-safety: immutable once built.
 */
public final class Latencies {
  private static final int CLASSES = MethodClass.ALL.size() + 1;
  private static final int WINDOWS = Window.values().length;
  private static final int QUANTILES = Quantile.values().length;

  private final double[] millis;
  private final long[] counts;

  private Latencies(double[] millis, long[] counts) {
    this.millis = millis;
    this.counts = counts;
  }

  /**
   * A quantile.
   *
   * @param methodClass of which class; null for all classes together
   * @param window in which window
   * @param quantile which
   * @return in milliseconds; {@link Double#NaN} if there were no such calls
   */
  public double millis(@Nullable MethodClass methodClass, Window window, Quantile quantile) {
    return millis[cell(methodClass, window) * QUANTILES + quantile.index()];
  }

  /**
   * How many calls count.
   *
   * @param methodClass of which class; null for all classes together
   * @param window in which window
   * @return 0 or more
   */
  public long count(@Nullable MethodClass methodClass, Window window) {
    return counts[cell(methodClass, window)];
  }

  private static int cell(@Nullable MethodClass methodClass, Window window) {
    int row = methodClass == null ? CLASSES - 1 : methodClass.index();
    return row * WINDOWS + window.index();
  }

  /** Gathers the figures. */
  public static final class Builder {
    private final double[] millis = new double[CLASSES * WINDOWS * QUANTILES];
    private final long[] counts = new long[CLASSES * WINDOWS];

    /** Nothing measured yet. */
    public Builder() {
      Arrays.fill(millis, Double.NaN);
    }

    /**
     * Puts a quantile.
     *
     * @param methodClass of which class; null for all classes together
     * @param window in which window
     * @param quantile which
     * @param value in milliseconds
     * @return this
     */
    public Builder put(
        @Nullable MethodClass methodClass, Window window, Quantile quantile, double value) {
      millis[cell(methodClass, window) * QUANTILES + quantile.index()] = value;
      return this;
    }

    /**
     * Puts how many calls count.
     *
     * @param methodClass of which class; null for all classes together
     * @param window in which window
     * @param count 0 or more
     * @return this
     */
    public Builder count(@Nullable MethodClass methodClass, Window window, long count) {
      counts[cell(methodClass, window)] = count;
      return this;
    }

    /**
     * The figures put so far.
     *
     * @return the latencies
     */
    public Latencies build() {
      return new Latencies(millis.clone(), counts.clone());
    }
  }
}
