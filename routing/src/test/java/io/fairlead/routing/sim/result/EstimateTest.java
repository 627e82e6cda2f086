package io.fairlead.routing.sim.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EstimateTest {
  private static Estimate ofFirst(int n) {
    return Estimate.of(IntStream.rangeClosed(1, n).mapToDouble(i -> n + 1.0 - i).toArray());
  }

  /** The ranks of the tables for the sign test. */
  @Test
  void theIntervalIsThatOfTheSignTest() {
    assertEquals(new Estimate(10.5, 6, 15, 20), ofFirst(20));
    assertEquals(new Estimate(15.5, 10, 21, 30), ofFirst(30));
    assertEquals(new Estimate(50.5, 40, 61, 100), ofFirst(100));
    assertEquals(new Estimate(3.5, 1, 6, 6), ofFirst(6));
    assertEquals(new Estimate(3, 1, 5, 5), ofFirst(5));
    assertEquals(new Estimate(1, 1, 1, 1), ofFirst(1));
  }

  @Test
  void theIntervalHoldsTheMedianNineteenTimesInTwenty() {
    SplittableRandom random = new SplittableRandom(7);
    int held = 0;
    for (int run = 0; run < 4000; run++) {
      double[] values = new double[20];
      for (int i = 0; i < values.length; i++) {
        values[i] = -Math.log(1 - random.nextDouble());
      }
      Estimate e = Estimate.of(values);
      held += e.low() <= Math.log(2) && Math.log(2) <= e.high() ? 1 : 0;
    }
    assertTrue(held >= 0.95 * 4000 && held <= 0.97 * 4000, "held " + held);
  }

  @Test
  void playsToWhichAFigureDoesNotApplyDoNotCountAndNeverIsTheLast() {
    double never = Double.POSITIVE_INFINITY;
    Estimate e = Estimate.of(new double[] {3, Double.NaN, never, 1, never});
    assertEquals(4, e.runs());
    assertEquals(never, e.median());
    assertEquals(1, e.low());
    assertEquals(never, e.high());
    assertEquals(0, Estimate.of(new double[] {Double.NaN}).runs());
  }
}
