package io.fairlead.gateway.metrics;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Watches that event loops turn: each runs a small task ten times a second, and how late it is then
 * is its lag.
 *
 * <p>Thread-safety: safe.
 */
public final class LoopWatch implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<Turn> turns;
  private final NanoClock clock;

  private LoopWatch(List<Turn> turns, NanoClock clock) {
    this.turns = turns;
    this.clock = clock;
  }

  /**
   * Begins to watch.
   *
   * @param loops whom
   * @param metrics where their lag is counted
   * @param clock the clock of the loops
   * @return the watch
   */
  public static LoopWatch start(EventLoops loops, GatewayMetrics metrics, NanoClock clock) {
    List<Turn> turns = loops.all().stream().map(loop -> startTurn(loop, metrics)).toList();
    return new LoopWatch(turns, clock);
  }

  private static Turn startTurn(IoLoop loop, GatewayMetrics metrics) {
    return startTurn(loop, loop.eventLoop(), metrics.loopLag(loop.index()));
  }

  static Turn startTurn(Scheduler scheduler, Executor loop, GatewayMetrics.LoopLag lag) {
    Turn turn = new Turn(scheduler, lag);
    loop.execute(turn::next);
    return turn;
  }

  /**
   * Whether every loop has run a task lately.
   *
   * @return false when one has not for ten seconds
   */
  public boolean areTurning() {
    long now = clock.nanoTime();
    return turns.stream().allMatch(turn -> turn.isTurning(now));
  }

  /** Stops watching. */
  @Override
  public void close() {
    turns.forEach(Turn::stop);
  }

  /** One loop's task. */
  static final class Turn {
    private final Scheduler scheduler;
    private final GatewayMetrics.LoopLag lag;
    private volatile long ranAtNanos;
    private volatile boolean isStopped;
    private long dueAtNanos;

    Turn(Scheduler scheduler, GatewayMetrics.LoopLag lag) {
      this.scheduler = scheduler;
      this.lag = lag;
      this.ranAtNanos = scheduler.nanoTime();
    }

    boolean isTurning(long nowNanos) {
      return nowNanos - ranAtNanos < STUCK_NANOS;
    }

    void stop() {
      isStopped = true;
    }

    private void next() {
      ranAtNanos = scheduler.nanoTime();
      dueAtNanos = ranAtNanos + PERIOD_NANOS;
      if (!isStopped) {
        scheduler.schedule(this::run, PERIOD_NANOS);
      }
    }

    private void run() {
      lag.observe(Math.max(0, scheduler.nanoTime() - dueAtNanos) / 1e9);
      next();
    }
  }
}
