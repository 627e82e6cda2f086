package io.fairlead.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class MemoryGovernorTest {
  private static final long BOUND = 1_000_000;

  private long held;
  private final MemoryGovernor governor = new MemoryGovernor(new MemoryUse(() -> held, BOUND), 2);

  private MemoryStage at(int permille) {
    held = permille * BOUND / 1000;
    return governor.look(0);
  }

  @Test
  void eachStageBeginsAtItsShare() {
    assertEquals(MemoryStage.NORMAL, at(849));
    assertEquals(MemoryStage.HELD, at(850));
    assertEquals(MemoryStage.HELD, at(919));
    assertEquals(MemoryStage.CLOSING, at(920));
    assertEquals(MemoryStage.CLOSING, at(949));
    assertEquals(MemoryStage.REFUSING, at(950));
  }

  @Test
  void aStageIsLeftFivePercentBelowWhereItBegan() {
    at(960);
    assertEquals(MemoryStage.REFUSING, at(901));
    assertEquals(MemoryStage.CLOSING, at(899));
    assertEquals(MemoryStage.CLOSING, at(871));
    assertEquals(MemoryStage.HELD, at(869));
    assertEquals(MemoryStage.HELD, at(801));
    assertEquals(MemoryStage.NORMAL, at(799));
    assertEquals(MemoryStage.NORMAL, at(849));
  }

  @Test
  void nothingIsGivenUpWhileReadingHasJustStopped() {
    at(900);
    assertEquals(0, governor.excessBytes(MemoryGovernor.PATIENCE_NANOS - 1));
  }

  @Test
  void aLoopGivesUpItsPartWhenNothingCameOfWaiting() {
    at(900);
    assertTrue(Math.abs(governor.excessBytes(MemoryGovernor.PATIENCE_NANOS) - 75_000) <= 1);
  }

  @Test
  void patienceBeginsAnewWithEachShortage() {
    at(900);
    held = BOUND / 2;
    governor.look(MemoryGovernor.PATIENCE_NANOS);
    held = BOUND * 9 / 10;
    governor.look(MemoryGovernor.PATIENCE_NANOS + 1);
    assertEquals(0, governor.excessBytes(2 * MemoryGovernor.PATIENCE_NANOS));
    assertTrue(governor.excessBytes(2 * MemoryGovernor.PATIENCE_NANOS + 1) > 0);
  }

  @Test
  void inTheLastStageTheExcessIsGivenUpAtOnce() {
    at(950);
    assertTrue(Math.abs(governor.excessBytes(0) - 100_000) <= 1);
  }
}
