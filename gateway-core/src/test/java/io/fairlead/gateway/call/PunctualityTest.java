package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The laws of a loop that may have stood still. */
class PunctualityTest {
  private static final long MILLI = 1_000_000;
  private final Punctuality punctuality = new Punctuality();

  @Test
  void lookInTimeIsTaken() {
    punctuality.expect(100 * MILLI);
    assertTrue(punctuality.tryLook(110 * MILLI));
  }

  @Test
  void lateLookIsPutOffOnceAndThenTakenHoweverLate() {
    punctuality.expect(100 * MILLI);
    assertFalse(punctuality.tryLook(110 * MILLI + 1));
    punctuality.expect(112 * MILLI);
    assertTrue(punctuality.tryLook(500 * MILLI));
    punctuality.expect(510 * MILLI);
    assertFalse(punctuality.tryLook(900 * MILLI), "each stall is forgiven once");
  }
}
