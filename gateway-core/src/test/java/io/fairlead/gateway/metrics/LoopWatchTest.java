package io.fairlead.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static final long SECOND = 1_000_000_000L;

  /** Keeps one task and the time at which a test lets it run. */
  private static final class OneTask implements Scheduler {
    long nowNanos;
    long delayNanos;
    Runnable task = () -> {};

    @Override
    public long nanoTime() {
      return nowNanos;
    }

    @Override
    public Cancellable schedule(Runnable body, long delay) {
      task = body;
      delayNanos = delay;
      return () -> task = () -> {};
    }

    void runLate(long lateNanos) {
      nowNanos += delayNanos + lateNanos;
      task.run();
    }
  }

  private final OneTask loop = new OneTask();
  private final List<Double> lags = new ArrayList<>();
  private final LoopWatch.Turn turn = LoopWatch.startTurn(loop, Runnable::run, lags::add);

  @Test
  void lagIsHowLateTheTaskRan() {
    loop.runLate(0);
    loop.runLate(250_000_000);
    assertEquals(List.of(0.0, 0.25), lags);
  }

  @Test
  void aLoopThatDoesNotTurnForTenSecondsIsStuck() {
    loop.runLate(0);
    assertTrue(turn.isTurning(loop.nowNanos + 10 * SECOND - 1));
    assertFalse(turn.isTurning(loop.nowNanos + 10 * SECOND));
  }

  @Test
  void nothingIsScheduledAfterTheEnd() {
    turn.stop();
    loop.runLate(0);
    int seen = lags.size();
    loop.task = () -> {};
    loop.runLate(0);
    assertEquals(seen, lags.size());
  }
}
