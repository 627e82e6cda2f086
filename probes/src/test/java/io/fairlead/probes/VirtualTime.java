package io.fairlead.probes;

import io.fairlead.routing.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A scheduler whose time passes only when a test says so. */
final class VirtualTime implements Scheduler {
  private record Task(long atNanos, long order, Runnable body) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order));
  private long nowNanos = 1_000;
  private long order;

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Task entry = new Task(nowNanos + delayNanos, order++, task);
    tasks.add(entry);
    return () -> tasks.remove(entry);
  }

  /** Lets time pass and runs what falls due meanwhile, in order. */
  void pass(Duration time) {
    long end = nowNanos + time.toNanos();
    for (Task next = tasks.peek(); next != null && next.atNanos() <= end; next = tasks.peek()) {
      tasks.remove();
      nowNanos = next.atNanos();
      next.body().run();
    }
    nowNanos = end;
  }

  /** Runs a task again and again. */
  void every(Duration period, Runnable task) {
    schedule(
        () -> {
          task.run();
          every(period, task);
        },
        period.toNanos());
  }
}
