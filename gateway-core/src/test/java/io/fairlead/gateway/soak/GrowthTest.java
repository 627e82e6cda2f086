package io.fairlead.gateway.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is a leak and what is not. */
final class GrowthTest {
  private static final int SAMPLES = 180;

  private static Growth growth(double allowed, IntToDoubleFunction sample) {
    List<Double> samples = IntStream.range(0, SAMPLES).mapToDouble(sample).boxed().toList();
    return Growth.of("things", samples, allowed);
  }

  @Test
  void whatStaysIsNoLeak() {
    assertFalse(growth(0, i -> 300).isLeak());
  }

  @Test
  void whatLeaksSlowlyUnderNoiseIsFound() {
    Random random = new Random(7);
    Growth growth = growth(16, i -> 300 + i / 3.0 + 20 * random.nextGaussian());
    assertTrue(growth.isLeak(), growth::toString);
    assertEquals(60, growth.perHour(1), 15, "one a minute");
  }

  @Test
  void noiseAloneIsNoLeak() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Growth growth = growth(16, i -> 300 + 10 * random.nextGaussian());
      assertFalse(growth.isLeak(), growth::toString);
    }
  }

  @Test
  void warmingUpIsNoLeak() {
    assertFalse(growth(1, i -> 500 * (1 - Math.exp(-i / 6.0))).isLeak());
  }

  @Test
  void peaksThatPassAreNoLeak() {
    assertFalse(growth(0, i -> i % 10 < 4 ? 5000 + i : 300).isLeak());
  }

  @Test
  void lessThanBeforeIsNoLeak() {
    assertFalse(growth(0, i -> 1000 - i).isLeak());
  }

  @Test
  void justWhatIsAllowedIsNoLeak() {
    assertFalse(growth(90, i -> i).isLeak(), "90 from the middle of a quarter to the other");
    assertTrue(growth(89, i -> i).isLeak());
  }

  @Test
  void aRunTooShortToHaveQuartersIsRefused() {
    List<Double> samples = List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    assertThrows(IllegalArgumentException.class, () -> Growth.of("things", samples, 0));
  }
}
