package io.fairlead.gateway.admission;

import io.fairlead.routing.time.Scheduler;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * An event loop in virtual time: work takes as long as a test says, and tasks run between the
 * turns.
 */
final class TurningLoop implements Scheduler, Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long nowNanos;
  private long made;

  private record Timer(long dueNanos, long number, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return dueNanos == other.dueNanos
          ? Long.compare(number, other.number)
          : Long.compare(dueNanos, other.dueNanos);
    }
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Timer timer = new Timer(nowNanos + delayNanos, made++, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Something is done that takes so long. */
  void work(long nanos) {
    nowNanos += nanos;
  }

  /** A turn ends: what is due runs. */
  void endTurn() {
    while (!timers.isEmpty() && timers.peek().dueNanos - nowNanos <= 0) {
      tasks.add(timers.remove().task());
    }
    for (int left = tasks.size(); left > 0; left--) {
      tasks.remove().run();
    }
  }

  /** There is nothing to do until then. */
  void sleepUntil(long nanos) {
    long next = timers.isEmpty() ? nanos : Math.min(nanos, timers.peek().dueNanos);
    nowNanos = Math.max(nowNanos, next);
    endTurn();
  }
}
