package io.fairlead.gateway.control;

import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which everything that decides runs: handed-over tasks in their order, timers,
 * and a tick that comes periodically and at once when a doorbell is rung.
 *
 * <p>A ring costs the ringing thread one compare-and-set, and a wake-up if it is the first since
 * the last tick; all rings until then share one tick. Ticks that were rung for keep {@link
 * #MIN_TICK_GAP_NANOS} between them, so that a storm of evidence cannot make the loop spin.
 *
 * <p>Thread-safety: {@link #execute}, {@link #doorbell}, {@link #inLoop}, {@link #nanoTime} and
 * {@link #close} from any thread; the rest on the loop only.
 *
 * <p>Failure: a task that throws is logged and the loop goes on.
 */
public final class ControlLoop implements Scheduler, Executor, AutoCloseable {
  /** The least time between a tick and the next one that a doorbell asks for. */
  static final long MIN_TICK_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Tasks run between two looks at the timers. */
  private static final int TASKS_PER_TURN = 64;

  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  private final NanoClock clock;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final AtomicBoolean rung = new AtomicBoolean();
  private final FailureLog failures;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean closed;
  private @Nullable Ticking ticking;
  private long timerCount;

  /**
   * A loop whose thread runs from now until {@link #close()}.
   *
   * @param clock what timers and ticks go by
   */
  public ControlLoop(NanoClock clock) {
    this.clock = clock;
    this.failures = new FailureLog(clock, log);
    thread = Executors.defaultThreadFactory().newThread(this::run);
    thread.setName("fairlead-control");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  /**
   * Hands a task to the loop; tasks run in the order in which they were handed over.
   *
   * @param task what to run
   * @throws RejectedExecutionException after the loop has ended
   */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (closed && tasks.remove(task)) {
      throw new RejectedExecutionException("the control loop has ended");
    }
    wake();
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    assertInLoop();
    Timer timer = new Timer(clock.nanoTime() + Math.max(0, delayNanos), timerCount++, task, timers);
    timers.add(timer);
    return timer;
  }

  /**
   * Runs a tick now, and from then on a period after the last one ended or as soon as the doorbell
   * rings.
   *
   * @param tick what to run; replaces an earlier one
   * @param periodNanos the longest time between two ticks, more than 0
   */
  public void startTicking(Runnable tick, long periodNanos) {
    assertInLoop();
    if (periodNanos <= 0) {
      throw new IllegalArgumentException("periodNanos: " + periodNanos + " (expected: above 0)");
    }
    ticking = new Ticking(tick, periodNanos, clock.nanoTime());
  }

  /**
   * What asks for a tick at once; to be run on any thread, as often as one likes.
   *
   * @return the doorbell
   */
  public Runnable doorbell() {
    return this::ring;
  }

  /**
   * Whether the caller is the loop.
   *
   * @return true on the loop's thread
   */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Fails unless the caller is the loop. */
  public void assertInLoop() {
    if (!inLoop()) {
      throw new IllegalStateException(
          "thread: " + Thread.currentThread().getName() + " (expected: " + thread.getName() + ")");
    }
  }

  /**
   * Runs the tasks handed over so far and those they hand over, drops the timers and ends the loop.
   * Waits for the end, unless called on the loop itself.
   */
  @Override
  public void close() {
    closing = true;
    if (inLoop()) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.warn("interrupted while the control loop was ending", e);
    }
  }

  private void ring() {
    if (!rung.get() && rung.compareAndSet(false, true)) {
      wake();
    }
  }

  private void wake() {
    if (!inLoop()) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closing) {
      runTasks(TASKS_PER_TURN);
      runTimers();
      runTick();
      long restNanos = restNanos();
      if (restNanos > 0 && tasks.isEmpty() && !closing) {
        LockSupport.parkNanos(this, restNanos);
      }
    }
    runTasks(Integer.MAX_VALUE);
    closed = true;
    runTasks(Integer.MAX_VALUE); // handed over between the last look and closed
  }

  private void runTasks(int most) {
    for (int i = 0; i < most; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      runSafely(task);
    }
  }

  private void runTimers() {
    long now = clock.nanoTime();
    for (Timer t = timers.peek(); t != null && t.deadlineNanos - now <= 0; t = timers.peek()) {
      timers.remove();
      runSafely(t.task);
    }
  }

  private void runTick() {
    Ticking current = ticking;
    if (current == null || current.restNanos(clock.nanoTime(), rung.get()) > 0) {
      return;
    }
    rung.set(false); // before the tick, so that evidence during it rings for another
    runSafely(current.tick);
    current.lastNanos = clock.nanoTime();
    current.started = true;
  }

  private long restNanos() {
    long now = clock.nanoTime();
    Timer first = timers.peek();
    Ticking current = ticking;
    return Math.min(
        first == null ? Long.MAX_VALUE : first.deadlineNanos - now,
        current == null ? Long.MAX_VALUE : current.restNanos(now, rung.get()));
  }

  @SuppressWarnings("CatchingUnchecked") // whatever a task throws must not end the loop
  private void runSafely(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      failures.onFailure(task, e);
    }
  }

  /** The tick and when it last ended. */
  private static final class Ticking {
    final Runnable tick;
    final long periodNanos;
    long lastNanos;
    boolean started;

    Ticking(Runnable tick, long periodNanos, long nowNanos) {
      this.tick = tick;
      this.periodNanos = periodNanos;
      this.lastNanos = nowNanos;
    }

    long restNanos(long nowNanos, boolean isRung) {
      long gapNanos = isRung ? Math.min(MIN_TICK_GAP_NANOS, periodNanos) : periodNanos;
      return started ? lastNanos + gapNanos - nowNanos : 0;
    }
  }

  /** A task with its deadline; among equal deadlines the earlier scheduled runs first. */
  private static final class Timer implements Cancellable, Comparable<Timer> {
    final long deadlineNanos;
    final Runnable task;
    private final long number;
    private final PriorityQueue<Timer> queue;

    Timer(long deadlineNanos, long number, Runnable task, PriorityQueue<Timer> queue) {
      this.deadlineNanos = deadlineNanos;
      this.number = number;
      this.task = task;
      this.queue = queue;
    }

    @Override
    public void cancel() {
      queue.remove(this);
    }

    @Override
    public int compareTo(Timer other) {
      long difference = deadlineNanos - other.deadlineNanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(number, other.number);
    }
  }
}
