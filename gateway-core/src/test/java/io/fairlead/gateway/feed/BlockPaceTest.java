package io.fairlead.gateway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockPaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final BlockPace pace = new BlockPace(12 * SECOND);

  @Test
  void aChainHasItsUsualPaceUntilThreeSpacingsAreKnown() {
    pace.onBlock(0);
    pace.onBlock(2 * SECOND);
    pace.onBlock(4 * SECOND);
    assertEquals(12 * SECOND, pace.expectedNanos());
    pace.onBlock(6 * SECOND);
    assertEquals(2 * SECOND, pace.expectedNanos());
  }

  @Test
  void anOutageDoesNotChangeThePace() {
    long now = 0;
    for (int i = 0; i < 40; i++) {
      now += i % 10 == 9 ? 600 * SECOND : 2 * SECOND;
      pace.onBlock(now);
    }
    assertEquals(2 * SECOND, pace.expectedNanos());
  }

  @Test
  void aFilledGapDoesNotChangeThePaceWhenBlocksTellTheirTime() {
    for (int i = 0; i < 100; i++) {
      pace.onBlock(7 * SECOND, 1_000 + 12L * i);
    }
    assertEquals(12 * SECOND, pace.expectedNanos());
  }

  @Test
  void blocksThatShareASecondArePacedByTheirArrival() {
    for (int i = 0; i < 100; i++) {
      pace.onBlock(i * SECOND / 4, 1_000L + i / 4);
    }
    assertEquals(SECOND / 4, pace.expectedNanos());
  }

  @Test
  void aTimestampOutOfOrderIsNoSpacing() {
    for (int i = 0; i < 100; i++) {
      pace.onBlock(i * SECOND, i % 2 == 0 ? Long.MAX_VALUE : 0);
    }
    assertTrue(pace.expectedNanos() >= SECOND);
    assertTrue(pace.expectedNanos() <= TimeUnit.MINUTES.toNanos(5));
  }

  @Test
  void thePaceStaysWithinFiftyMillisecondsAndFiveMinutes() {
    for (int i = 0; i < 40; i++) {
      pace.onBlock(0);
    }
    assertEquals(SECOND / 20, pace.expectedNanos());
    for (int i = 0; i < 40; i++) {
      pace.onBlock(i * 3600L * SECOND);
    }
    assertEquals(300 * SECOND, pace.expectedNanos());
  }

  @Test
  void silenceIsMoreThanThreeBlockTimes() {
    assertFalse(pace.isSilent(5, 5 + 36 * SECOND));
    assertTrue(pace.isSilent(5, 6 + 36 * SECOND));
  }

  @Test
  void theNewestThirtyOneSpacingsDecide() {
    long now = 0;
    for (int i = 0; i < 50; i++) {
      now += 2 * SECOND;
      pace.onBlock(now);
    }
    for (int i = 0; i < 15; i++) {
      now += 10 * SECOND;
      pace.onBlock(now);
    }
    assertEquals(2 * SECOND, pace.expectedNanos());
    pace.onBlock(now + 10 * SECOND);
    assertEquals(10 * SECOND, pace.expectedNanos());
  }

  @Test
  void aBlockThatDoesNotTellItsTimeGivesNoSpacing() {
    for (int i = 0; i < 100; i++) {
      pace.onBlock(i * SECOND, i % 2 == 0 ? BlockPace.UNKNOWN : 1_000_000 + i);
      assertTrue(i < 3 || pace.expectedNanos() == SECOND, "block " + i);
    }
  }

  @Test
  void whatAChainIsSaidToHaveIsBoundedToo() {
    BlockPace slow = new BlockPace(3600 * SECOND);
    assertEquals(300 * SECOND, slow.expectedNanos());
    BlockPace fast = new BlockPace(1);
    assertEquals(SECOND / 20, fast.expectedNanos());
    for (int i = 0; i < 2; i++) {
      slow.onBlock(i);
      fast.onBlock(i);
    }
    assertEquals(300 * SECOND, slow.expectedNanos());
    assertEquals(SECOND / 20, fast.expectedNanos());
  }

  @Test
  void aPaceOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BlockPace(0));
  }
}
