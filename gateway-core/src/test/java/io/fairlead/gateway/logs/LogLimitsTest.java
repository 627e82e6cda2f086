package io.fairlead.gateway.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLimitsTest {
  private static final long QUERY = 7;
  private static final long START = -5_000_000_000L;
  private final LogLimits limits = new LogLimits();

  private long blocks(long now) {
    return limits.blocks("u", QUERY, now);
  }

  @Test
  void nothingIsAssumed() {
    assertEquals(LogLimits.NONE, blocks(START));
    assertEquals(LogLimits.NONE, limits.alternatives("u", START));
  }

  @Test
  void whatIsToldHoldsForAllQueriesOfThatUpstream() {
    limits.onTooManyBlocks("u", 100_000, 2000, START);
    assertEquals(2000, limits.blocks("u", 99, START));
    assertEquals(LogLimits.NONE, limits.blocks("other", QUERY, START));
  }

  @Test
  void aNumberThatDoesNotFitIsNotBelieved() {
    limits.onTooManyBlocks("u", 1000, 10_000, START);
    assertEquals(500, blocks(START));
  }

  @Test
  void aLateRefusalOfMoreTeachesNothing() {
    limits.onTooManyBlocks("u", 1000, -1, START);
    limits.onTooManyBlocks("u", 8000, -1, START);
    assertEquals(500, blocks(START));
  }

  @Test
  void aLimitGrowsBackWhenNothingSpeaksForIt() {
    limits.onTooManyBlocks("u", 100_000, 2000, START);
    long hold = LogLimits.TOLD_HOLD_NANOS;
    assertEquals(2000, blocks(START + hold - 1));
    assertEquals(4000, blocks(START + hold));
    assertEquals(8000, blocks(START + 2 * hold));
    assertEquals(LogLimits.NONE, blocks(START + 60 * hold));
    limits.onTooManyBlocks("u", 4000, 2000, START + hold);
    assertEquals(2000, blocks(START + hold));
  }

  @Test
  void aGuessIsTriedAgainSooner() {
    limits.onTooManyBlocks("u", 100, -1, START);
    assertEquals(100, blocks(START + LogLimits.GUESSED_HOLD_NANOS));
    assertTrue(LogLimits.GUESSED_HOLD_NANOS < LogLimits.TOLD_HOLD_NANOS);
  }

  @Test
  void anAnswerProvesWhatItSpanned() {
    limits.onTooManyBlocks("u", 100_000, 2000, START);
    limits.onServed("u", QUERY, 3000, START + TimeUnit.MINUTES.toNanos(1));
    assertEquals(3000, blocks(START + TimeUnit.MINUTES.toNanos(1)));
  }

  @Test
  void weightIsRememberedForTheQueryAlone() {
    limits.onTooDense("u", QUERY, 500, START);
    assertEquals(500, blocks(START));
    assertEquals(LogLimits.NONE, limits.blocks("u", QUERY + 1, START));
    limits.onServed("u", QUERY, 500, START);
    assertEquals(550, blocks(START));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aFixedLimitIsFoundWithinAFactorOfTwoInAFewRefusals(long seed) {
    Random random = new Random(seed);
    long truth = 1L + random.nextInt(5000);
    int refusals = 0;
    while (blocks(START) > truth) {
      long asked = Math.min(100_000, blocks(START));
      limits.onTooManyBlocks("u", asked, -1, START);
      refusals++;
    }
    assertTrue(refusals <= 18, "seed " + seed + ": " + refusals + " refusals");
    assertTrue(2 * blocks(START) + 1 > truth || truth >= 100_000, "seed " + seed);
  }
}
