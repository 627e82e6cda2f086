package io.fairlead.gateway.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RealTime;
import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop on its real thread, with a clock that the tests move. */
class ControlLoopTest {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final AtomicLong now = new AtomicLong();
  private final NanoClock clock = now::get;
  private final ControlLoop loop = new ControlLoop(clock);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void tasksRunOnTheLoopInTheirOrder() throws Exception {
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      loop.execute(() -> ran.add(number));
    }
    assertEquals("fairlead-control", inLoop(() -> Thread.currentThread().getName()));
    assertEquals(1_000, ran.size());
    assertEquals(ran.stream().sorted().toList(), ran);
    assertTrue(inLoop(loop::inLoop));
    assertFalse(loop.inLoop());
  }

  @Test
  void aTaskThatThrowsDoesNotEndTheLoop() throws Exception {
    loop.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    loop.execute(
        () -> {
          throw new AssertionError("on purpose too");
        });
    assertEquals(1, inLoop(() -> 1));
  }

  @Test
  void aTimerRunsAtItsDeadlineAndNotANanosecondBefore() throws Exception {
    List<String> ran = new ArrayList<>();
    schedule(() -> ran.add("second"), 100);
    schedule(() -> ran.add("first"), 50);
    schedule(() -> ran.add("third"), 100);
    assertEquals(List.of(), at(49, ran));
    assertEquals(List.of("first"), at(50, ran));
    assertEquals(List.of("first"), at(99, ran));
    assertEquals(List.of("first", "second", "third"), at(100, ran));
  }

  @Test
  void aCancelledTimerDoesNotRun() throws Exception {
    List<String> ran = new ArrayList<>();
    Cancellable timer = schedule(() -> ran.add("never"), 10);
    inLoop(
        () -> {
          timer.cancel();
          return ran;
        });
    assertEquals(List.of(), at(10, ran));
  }

  @Test
  void schedulingElsewhereThanOnTheLoopIsRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> loop.schedule(() -> {}, 0));
    assertTrue(String.valueOf(refused.getMessage()).contains("expected: fairlead-control"));
  }

  @Test
  void theTickComesAtOnceAndThenOncePerPeriod() throws Exception {
    AtomicInteger ticks = startTicking(HOUR_NANOS);
    settle();
    assertEquals(1, ticks.get());
    now.set(HOUR_NANOS - 1);
    settle();
    assertEquals(1, ticks.get());
    now.set(HOUR_NANOS);
    settle();
    assertEquals(2, ticks.get());
  }

  @Test
  void theTickComesByItselfInRealTime() throws Exception {
    CountDownLatch ticks = new CountDownLatch(3);
    try (ControlLoop real = new ControlLoop(RealTime.CLOCK)) {
      real.execute(() -> real.startTicking(ticks::countDown, TimeUnit.MILLISECONDS.toNanos(2)));
      assertTrue(ticks.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void manyRingsMakeOneTick() throws Exception {
    AtomicInteger ticks = startTicking(HOUR_NANOS);
    settle();
    now.addAndGet(ControlLoop.MIN_TICK_GAP_NANOS);
    CountDownLatch rung = new CountDownLatch(1);
    loop.execute(() -> await(rung)); // the loop is busy while the doorbell rings
    for (int i = 0; i < 100; i++) {
      loop.doorbell().run();
    }
    rung.countDown();
    settle();
    assertEquals(2, ticks.get());
    settle();
    assertEquals(2, ticks.get());
  }

  @Test
  void aRingWakesTheSleepingLoop() throws Exception {
    CountDownLatch ticks = new CountDownLatch(2);
    inLoop(
        () -> {
          loop.startTicking(ticks::countDown, HOUR_NANOS);
          return ticks;
        });
    settle();
    now.addAndGet(ControlLoop.MIN_TICK_GAP_NANOS);
    loop.doorbell().run();
    assertTrue(ticks.await(10, TimeUnit.SECONDS));
  }

  @Test
  void ticksThatWereRungForKeepTheirDistance() throws Exception {
    AtomicInteger ticks = startTicking(HOUR_NANOS);
    settle();
    loop.doorbell().run();
    now.set(ControlLoop.MIN_TICK_GAP_NANOS - 1);
    settle();
    assertEquals(1, ticks.get());
    now.set(ControlLoop.MIN_TICK_GAP_NANOS);
    settle();
    assertEquals(2, ticks.get());
  }

  @Test
  void aRingDuringATickAsksForAnother() throws Exception {
    AtomicInteger ticks = new AtomicInteger();
    Runnable tick =
        () -> {
          if (ticks.incrementAndGet() == 1) {
            loop.doorbell().run();
          }
        };
    inLoop(
        () -> {
          loop.startTicking(tick, HOUR_NANOS);
          return ticks;
        });
    settle();
    now.addAndGet(ControlLoop.MIN_TICK_GAP_NANOS);
    settle();
    assertEquals(2, ticks.get());
  }

  @Test
  void closeRunsWhatWasHandedOverAndRefusesTheRest() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      loop.execute(() -> loop.execute(ran::incrementAndGet));
    }
    loop.close();
    assertEquals(200, ran.get());
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
    loop.doorbell().run();
    loop.close();
  }

  @Test
  void closeOnTheLoopEndsItWithoutWaitingForItself() throws Exception {
    inLoop(
        () -> {
          loop.close();
          return loop;
        });
    loop.close();
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
  }

  private AtomicInteger startTicking(long periodNanos) throws Exception {
    AtomicInteger ticks = new AtomicInteger();
    return inLoop(
        () -> {
          loop.startTicking(ticks::incrementAndGet, periodNanos);
          return ticks;
        });
  }

  private Cancellable schedule(Runnable task, long delayNanos) throws Exception {
    return inLoop(() -> loop.schedule(task, delayNanos));
  }

  private List<String> at(long nanos, List<String> ran) throws Exception {
    now.set(nanos);
    settle();
    return inLoop(() -> List.copyOf(ran));
  }

  /** Two turns of the loop: timers and the tick come after the tasks of a turn. */
  private void settle() throws Exception {
    inLoop(() -> 0);
    CountDownLatch turned = new CountDownLatch(1);
    inLoop(() -> loop.schedule(turned::countDown, 0));
    assertTrue(turned.await(10, TimeUnit.SECONDS));
    inLoop(() -> 0);
  }

  private <T> T inLoop(Supplier<T> work)
      throws InterruptedException, ExecutionException, TimeoutException {
    return CompletableFuture.supplyAsync(work, loop).get(10, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
