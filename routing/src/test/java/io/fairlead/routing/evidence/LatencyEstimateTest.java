package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyEstimateTest {
  private static final long SECOND = 1_000_000_000L;

  private final LatencyEstimate estimate = new LatencyEstimate();
  private long now = 5 * SECOND;

  private double nanos(double q) {
    return (double) estimate.quantileNanos(q);
  }

  private static Interval of(long... micros) {
    Histogram histogram = new Histogram(1);
    for (long m : micros) {
      histogram.recordValue(m);
    }
    return new Interval().read(histogram);
  }

  @Test
  void quantilesAreNearEnough() {
    Random random = new Random(5);
    Histogram interval = new Histogram(1);
    for (int i = 0; i < 100_000; i++) {
      interval.recordValue((long) (10_000 * Math.exp(0.5 * random.nextGaussian())));
    }
    estimate.add(new Interval().read(interval), 0, now);
    assertEquals(10e6, nanos(0.5), 1e6);
    assertEquals(10e6 * Math.exp(0.5 * 1.645), nanos(0.95), 2.3e6);
    assertEquals(10e6 * Math.exp(0.5 * 2.326), nanos(0.99), 3.2e6);
    assertEquals(Math.log(10), estimate.logServiceMillis(), 0.02);
  }

  @Test
  void theRoundTripIsTakenOffTheServiceTimeOnly() {
    estimate.add(of(150_000), 140_000_000L, now);
    assertEquals(Math.log(10), estimate.logServiceMillis(), 0.8);
    assertEquals(150e6, nanos(0.5), 15e6);
  }

  @Test
  void theMeanForgetsInSecondsDownToTheLastEightAndQuantilesInHalfAMinute() {
    for (int i = 0; i < 100; i++) {
      estimate.add(of(1000), 0, now);
    }
    now += 9 * SECOND;
    for (int i = 0; i < 30; i++) {
      estimate.add(of(100_000), 0, now);
    }
    assertTrue(estimate.logServiceMillis() > 0.8 * Math.log(100));
    assertEquals(1e6, nanos(0.5), 1e5);
    assertEquals(8 * Math.exp(-0.3), estimate.recentSamples(now + 9 * SECOND), 0.01);
  }

  @Test
  void whatWasCutOffCountsAsLongerThanItRan() {
    for (int i = 0; i < 50; i++) {
      estimate.add(of(1000, 1000, 40_000), 0, now);
    }
    LatencyEstimate dropped = new LatencyEstimate();
    dropped.add(of(1000, 1000, 40_000), 0, now);
    for (int i = 0; i < 50; i++) {
      estimate.addCensored(of(2000), 0, now);
    }
    assertTrue(estimate.logServiceMillis() > dropped.logServiceMillis());
    assertEquals(40e6, nanos(0.7), 4e6);
  }

  @Test
  void aBlackHoleNeverLooksFast() {
    estimate.add(of(1000), 0, now);
    estimate.addCensored(of(3_000_000, 3_000_000), 0, now);
    assertTrue(estimate.quantileNanos(0.9) > 2.5e9);
  }

  @Test
  void whatWasCutOffBeforeAnythingIsKnownSaysNothing() {
    estimate.addCensored(of(8_000, 8_000, 8_000), 0, now);
    assertEquals(0, estimate.samples());
    estimate.add(of(85_000), 0, now);
    estimate.addCensored(of(8_000, 8_000, 8_000), 0, now);
    assertEquals(85e6, nanos(0.1), 8e6);
  }

  @Test
  void withoutSamplesThereIsNothing() {
    assertEquals(0, nanos(0.99));
    assertTrue(Double.isNaN(estimate.logServiceMillis()));
    assertEquals(0, estimate.samples());
  }

  @Test
  void whatChangedIsBelievedAtOnceAfterARestart() {
    for (int i = 0; i < 100; i++) {
      estimate.add(of(1000), 0, now);
    }
    now += SECOND;
    estimate.add(of(20_000, 20_000), 0, now);
    assertEquals(Math.log(20), estimate.freshLogServiceMillis(), 0.1);
    assertTrue(estimate.logServiceMillis() < 0.5);
    estimate.restart(estimate.freshLogServiceMillis());
    assertEquals(Math.log(20), estimate.logServiceMillis(), 0.1);
    assertEquals(1e6, nanos(0.5), 1e5);
  }
}
