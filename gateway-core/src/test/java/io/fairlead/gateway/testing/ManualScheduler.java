package io.fairlead.gateway.testing;

import io.fairlead.routing.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * Time that moves only when a test says so: a {@link Scheduler}, an {@link Executor} and an {@link
 * InstantSource} on the calling thread.
 *
 * <p>Tasks run inside {@link #advance} in the order of their deadlines, then of their scheduling,
 * each with {@link #nanoTime} at its own deadline; what they schedule runs in the same advance if
 * it falls due.
 */
public final class ManualScheduler implements Scheduler, Executor, InstantSource {
  /** What {@link #instant} says before the first advance. */
  public static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private final PriorityQueue<Task> queue = new PriorityQueue<>();
  private long nowNanos;
  private long count;

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nowNanos);
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Task entry = new Task(nowNanos + Math.max(0, delayNanos), count++, task);
    queue.add(entry);
    return () -> queue.remove(entry);
  }

  /** Queues a task that runs with the next {@link #advance}, also one of zero length. */
  @Override
  public void execute(Runnable task) {
    schedule(task, 0);
  }

  /**
   * Moves time and runs what falls due, its last nanosecond included.
   *
   * @param time how far
   */
  public void advance(Duration time) {
    advanceNanos(time.toNanos());
  }

  /**
   * Moves time and runs what falls due, its last nanosecond included.
   *
   * @param nanos how far
   */
  public void advanceNanos(long nanos) {
    long end = nowNanos + nanos;
    for (Task t = queue.peek(); t != null && t.deadlineNanos <= end; t = queue.peek()) {
      queue.remove();
      nowNanos = Math.max(nowNanos, t.deadlineNanos);
      t.task.run();
    }
    nowNanos = end;
  }

  /** Runs what is due now. */
  public void runDue() {
    advanceNanos(0);
  }

  /**
   * Tasks that still wait.
   *
   * @return 0 or more
   */
  public int pending() {
    return queue.size();
  }

  private record Task(long deadlineNanos, long number, Runnable task) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byDeadline = Long.compare(deadlineNanos, other.deadlineNanos);
      return byDeadline != 0 ? byDeadline : Long.compare(number, other.number);
    }
  }
}
