package io.fairlead.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What part of a wait was an event loop's own doing. */
final class LoopTurnsTest {
  private final LoopTurns turns = new LoopTurns();

  private static long at(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis) - TimeUnit.DAYS.toNanos(1);
  }

  private long ownMillis(long posted, long now) {
    return TimeUnit.NANOSECONDS.toMillis(turns.ownNanos(at(posted), at(now)));
  }

  @Test
  void whileNobodyWatchesNothingIsTheLoops() {
    assertEquals(0, ownMillis(0, 80));
  }

  @Test
  void whatWasPostedInALongTurnLeftAtItsEnd() {
    turns.watch(at(0));
    turns.end(at(10), false);
    assertEquals(7, ownMillis(3, 90));
    assertEquals(0, ownMillis(10, 90));
    assertEquals(0, ownMillis(20, 90));
  }

  @Test
  void whatIsReadInTheMidstOfATurnCameBeforeItWasWatched() {
    turns.watch(at(50));
    assertEquals(4, ownMillis(20, 54));
  }

  @Test
  void whatIsReadInOneOfManyLongTurnsMayHaveComeInTheOneBefore() {
    turns.watch(at(0));
    turns.end(at(10), true);
    turns.end(at(16), true);
    turns.end(at(24), true);
    assertEquals(27 - 12 - 1, ownMillis(12, 27), "posted two turns before: all but the least");
    assertEquals((10 - 4) + (27 - 16), ownMillis(4, 27), "posted three turns before");
    assertEquals(27 - 20 - 1, ownMillis(20, 27), "posted in the turn before: all but the least");
  }

  @Test
  void shortTurnsKeepNobodyWaiting() {
    turns.watch(at(0));
    turns.end(at(0) + LoopTurns.LONG_NANOS - 1, false);
    turns.watch(at(5));
    assertEquals(0, turns.ownNanos(at(0), at(5) + LoopTurns.LONG_NANOS - 1));
  }

  @Test
  void ofWhatWasPostedLongAgoOnlyTheAnswersWaitIsTold() {
    turns.watch(at(0));
    for (int end = 2; end <= 60; end += 2) {
      turns.end(at(end), true);
    }
    assertEquals(61 - 58, ownMillis(1, 61));
    assertEquals((54 - 53) + (61 - 58), ownMillis(53, 61));
  }
}
