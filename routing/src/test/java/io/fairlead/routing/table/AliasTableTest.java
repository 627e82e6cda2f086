package io.fairlead.routing.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasTableTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void drawsFollowTheWeights(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = new double[1 + random.nextInt(40)];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(4) == 0 ? 0 : Math.exp(8 * random.nextDouble());
      sum += weights[i];
    }
    weights[0] += 1;
    sum += 1;
    int draws = 200_000;
    int[] counts = new int[weights.length];
    AliasTable table = new AliasTable(weights);
    for (int k = 0; k < draws; k++) {
      counts[table.draw(random.nextLong())]++;
    }
    for (int i = 0; i < weights.length; i++) {
      double p = weights[i] / sum;
      double deviation = Math.sqrt(draws * p * (1 - p));
      assertEquals(draws * p, counts[i], 5 * deviation + 1e-9, "outcome " + i + ", seed " + seed);
    }
  }

  @Test
  void everyColumnIsExact() {
    double[] weights = {1, 2, 3, 4, 0, 10, 1e-6};
    AliasTable table = new AliasTable(weights);
    long[] mass = new long[weights.length];
    long steps = 1L << 12;
    for (long column = 0; column < weights.length; column++) {
      for (long height = 0; height < steps; height++) {
        long upper = ((column << 32) + (1L << 31)) / weights.length;
        mass[table.draw(upper << 32 | height << 20)]++;
      }
    }
    for (int i = 0; i < weights.length; i++) {
      double expected = weights[i] / 20.000001;
      assertEquals(expected, mass[i] / (double) (steps * weights.length), 1e-3, "outcome " + i);
    }
  }

  @Test
  void aWeightOfZeroIsNeverDrawn() {
    SplittableRandom random = new SplittableRandom(7);
    double[] weights = new double[1000];
    weights[17] = 1e-300;
    weights[18] = 0.3;
    AliasTable table = new AliasTable(weights);
    for (int k = 0; k < 100_000; k++) {
      assertTrue(weights[table.draw(random.nextLong())] > 0);
    }
  }

  @Test
  void weightsMustBeUsable() {
    assertThrows(IllegalArgumentException.class, () -> new AliasTable(new double[] {0, 0}));
    assertThrows(IllegalArgumentException.class, () -> new AliasTable(new double[] {-1, 2}));
    assertThrows(IllegalArgumentException.class, () -> new AliasTable(new double[] {Double.NaN}));
  }
}
