package io.fairlead.routing.time;

/**
 * A monotonic clock. Its zero means nothing; only differences do.
 *
 * <p>Units: nanoseconds.
 */
@FunctionalInterface
public interface NanoClock {
  /**
   * Now.
   *
   * @return nanoseconds since an arbitrary instant, never decreasing
   */
  long nanoTime();
}
