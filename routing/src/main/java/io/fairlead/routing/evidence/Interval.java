package io.fairlead.routing.evidence;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * The distinct latencies of an interval histogram, unpacked once for several estimates.
 *
 * <p>Thread-safety: none; reused by the control loop. Units: microseconds.
 */
public final class Interval {
  private double[] micros = new double[64];
  private long[] counts = new long[64];
  private int size;

  /**
   * Takes over what a histogram holds.
   *
   * @param histogram in microseconds
   * @return this
   */
  public Interval read(Histogram histogram) {
    size = 0;
    long left = histogram.getTotalCount();
    long value = histogram.getMinNonZeroValue();
    while (left > 0 && value <= histogram.getMaxValue()) {
      long count = histogram.getCountAtValue(value);
      if (count > 0) {
        put((double) histogram.medianEquivalentValue(value), count);
        left -= count;
      }
      value = histogram.nextNonEquivalentValue(value);
    }
    return this;
  }

  private void put(double value, long count) {
    if (size == micros.length) {
      micros = Arrays.copyOf(micros, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    micros[size] = value;
    counts[size++] = count;
  }

  /**
   * How many distinct values there are.
   *
   * @return 0 or more
   */
  public int size() {
    return size;
  }

  /**
   * One of the values.
   *
   * @param i 0 to {@link #size()} - 1
   * @return a latency in microseconds, growing with i
   */
  public double micros(int i) {
    return micros[i];
  }

  /**
   * How often it was recorded.
   *
   * @param i 0 to {@link #size()} - 1
   * @return 1 or more
   */
  public long count(int i) {
    return counts[i];
  }

  /**
   * The lower end of what it holds.
   *
   * @return nanoseconds, 0 if it is empty
   */
  public long leastNanos() {
    return size == 0 ? 0 : (long) (micros[0] * 1e3);
  }
}
