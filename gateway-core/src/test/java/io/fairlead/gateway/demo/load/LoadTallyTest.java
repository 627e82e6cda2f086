package io.fairlead.gateway.demo.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The laws of counting calls. */
class LoadTallyTest {
  private static final long MILLI = 1_000_000;
  private final LoadTally tally = new LoadTally(2);

  @Test
  void wrongCallsAreFailedToo() {
    tally.onEnd(0, MILLI, Outcome.RIGHT);
    tally.onEnd(0, 3 * MILLI, Outcome.failed("x"));
    tally.onEnd(1, 9 * MILLI, Outcome.wrong("y"));
    LoadFigures figures = tally.next(4);
    assertEquals(3, figures.total().calls());
    assertEquals(2, figures.total().failed());
    assertEquals(1, figures.total().wrong());
    assertEquals(2, figures.stages().get(0).calls());
    assertEquals(0, figures.stages().get(0).wrong());
    assertEquals(9, figures.stages().get(1).latency().maxMillis(), 0.01);
    assertEquals(3, figures.total().latency().p50Millis(), 0.01);
    assertEquals(4, figures.inFlight());
  }

  @Test
  void callsOutsideTheStagesCountInTheTotalAlone() {
    tally.onEnd(-1, MILLI, Outcome.failed("x"));
    LoadFigures figures = tally.next(0);
    assertEquals(1, figures.total().failed());
    assertEquals(0, figures.stages().get(0).calls() + figures.stages().get(1).calls());
  }

  @Test
  void windowForgetsAfterFourSlices() {
    tally.onEnd(0, MILLI, Outcome.RIGHT);
    for (int i = 0; i < 4; i++) {
      assertEquals(1, tally.next(0).lastSecond().calls(), "slice " + i);
    }
    LoadFigures figures = tally.next(0);
    assertEquals(0, figures.lastSecond().calls());
    assertEquals(1, figures.total().calls());
  }

  @Test
  void onlyTheFirstComplaintsAreKept() {
    for (int i = 0; i < 100; i++) {
      tally.onComplaint(i, "c" + i);
    }
    assertEquals(8, tally.next(0).complaints().size());
    assertEquals(new LoadFigures.Complaint(7, "c7"), tally.next(0).complaints().get(7));
  }
}
