package io.fairlead.routing.evidence;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.evidence.ClassGroup.QUICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread writes a lane while another drains it. */
class LaneRaceTest {
  private static final int ATTEMPTS = 300_000;

  private final Upstream upstream = new Upstream("test", 5, Upstreams.spec("a", "aws"));
  private final EvidenceLane lane = new EvidenceLane(() -> {});
  private final Tally tally = new Tally();
  private final Counted counted = new Counted();

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void nothingIsLostAndNothingIsCountedTwice() throws Exception {
    ForkJoinTask<?> writer = ForkJoinPool.commonPool().submit(this::write);
    while (!writer.isDone()) {
      drain();
    }
    writer.get();
    drain();
    assertEquals(ATTEMPTS, tally.successes(LIGHT) + tally.failures(LIGHT));
    assertEquals(ATTEMPTS / 5, tally.health(QUICK).credits());
    assertEquals(ATTEMPTS / 5, tally.health(QUICK).overdue());
    assertEquals(ATTEMPTS - ATTEMPTS / 5, counted.total);
  }

  private void drain() {
    lane.beginDrain();
    lane.drain(upstream, tally);
    assertTrue(
        tally.health(QUICK).credits() <= tally.health(QUICK).overdue(),
        "an end before its beginning");
    lane.drainLatency(upstream, LIGHT, counted);
  }

  private void write() {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (i % 5 == 0) {
        lane.onOverdue(upstream, LIGHT, 1000);
        lane.onOverdueEnd(upstream, LIGHT, AttemptResult.SUCCESS, 1000L * i);
      } else if (i % 5 == 1) {
        lane.onAttempt(upstream, LIGHT, AttemptResult.FAILED, 1000);
      } else {
        lane.onAttempt(upstream, LIGHT, AttemptResult.SUCCESS, 1000L * i);
      }
    }
  }

  private static final class Counted implements LatencySink {
    private long total;

    @Override
    public void onExact(Histogram interval) {
      total += interval.getTotalCount();
    }

    @Override
    public void onCensored(Histogram interval) {
      total += interval.getTotalCount();
    }
  }
}
