package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {
  private final ManualScheduler time = new ManualScheduler();
  private final List<String> ran = new ArrayList<>();

  @Test
  void aTaskRunsAtItsDeadlineAndNotANanosecondBefore() {
    time.schedule(() -> ran.add("a"), 100);
    time.advanceNanos(99);
    assertEquals(List.of(), ran);
    time.advanceNanos(1);
    assertEquals(List.of("a"), ran);
  }

  @Test
  void tasksRunByDeadlineThenByScheduling() {
    time.schedule(() -> ran.add("late"), 2);
    time.schedule(() -> ran.add("first"), 1);
    time.schedule(() -> ran.add("second"), 1);
    time.advance(Duration.ofNanos(2));
    assertEquals(List.of("first", "second", "late"), ran);
  }

  @Test
  void whatATaskSchedulesRunsInTheSameAdvanceWhenDue() {
    time.schedule(() -> time.schedule(() -> ran.add("at " + time.nanoTime()), 5), 5);
    time.advanceNanos(20);
    assertEquals(List.of("at 10"), ran);
    assertEquals(20, time.nanoTime());
    assertEquals(ManualScheduler.START.plusNanos(20), time.instant());
  }

  @Test
  void aCancelledTaskDoesNotRun() {
    Cancellable task = time.schedule(() -> ran.add("a"), 1);
    task.cancel();
    time.advanceNanos(1);
    assertEquals(0, time.pending());
    assertEquals(List.of(), ran);
  }
}
