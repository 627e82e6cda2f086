package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecentOutcomesTest {
  private static final long SLOT = 1L << 23;

  private final RecentOutcomes recent = new RecentOutcomes();

  private long goodSince(long nanos) {
    recent.countSince(nanos);
    return recent.good();
  }

  @Test
  void whatCameInTheSlotAskedForDoesNotCount() {
    recent.add(10 * SLOT, 1, 0);
    recent.add(11 * SLOT, 2, 0);
    assertEquals(3, goodSince(10 * SLOT - 1));
    assertEquals(2, goodSince(10 * SLOT));
    assertEquals(2, goodSince(11 * SLOT - 1));
    assertEquals(0, goodSince(11 * SLOT));
  }

  @Test
  void whatIsOlderThanASecondIsForgotten() {
    recent.add(0, 1, 0);
    recent.add(127 * SLOT, 1, 0);
    assertEquals(2, goodSince(-SLOT));
    recent.add(128 * SLOT, 1, 0);
    assertEquals(2, goodSince(-SLOT));
    recent.add(10_000 * SLOT, 1, 0);
    assertEquals(1, goodSince(-SLOT));
  }

  @Test
  void silencesTakenBackNeverMakeFewerThanNone() {
    recent.add(0, 0, -3);
    recent.countSince(-SLOT);
    assertEquals(0, recent.bad());
  }

  @Test
  void timeMayBeginBelowZero() {
    SplittableRandom random = new SplittableRandom(1);
    long now = -300 * SLOT;
    long expected = 0;
    for (int i = 0; i < 100; i++) {
      now += random.nextLong(SLOT);
      recent.add(now, 1, 0);
      expected++;
    }
    assertEquals(expected, goodSince(-301 * SLOT));
  }
}
