package io.fairlead.routing.time;

/**
 * Runs tasks later, one at a time, on the thread that owns it.
 *
 * <p>Thread-safety: to be called on that thread only.
 */
public interface Scheduler extends NanoClock {
  /**
   * Runs a task once after a delay.
   *
   * @param task what to run
   * @param delayNanos 0 or more
   * @return cancels the task if it has not begun
   */
  Cancellable schedule(Runnable task, long delayNanos);

  /** A task that may still be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Calls the task off; no effect once it has begun. */
    void cancel();
  }
}
