package io.fairlead.routing.sim.baseline;

import static io.fairlead.routing.sim.baseline.FakeNetwork.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Envoy's and gRPC's rules of ejection. */
class DetectorsTest {
  private final List<Integer> out = new ArrayList<>();
  private final List<Integer> back = new ArrayList<>();
  private final EnvoyDetector envoy = new EnvoyDetector(30, 30, out::add, back::add);
  private final GrpcDetector grpc = new GrpcDetector(30, 30, out::add, back::add);

  @Test
  void envoyEjectsAtTheFifthFailureInARow() {
    failInARow(envoy, 7, 4, 0);
    assertFalse(envoy.isEjected(7));
    envoy.put(7, false, 0);
    assertTrue(envoy.isEjected(7));
    assertEquals(List.of(7), out);
  }

  @Test
  void oneSuccessBetweenStartsTheCountAnew() {
    failInARow(envoy, 7, 4, 0);
    envoy.put(7, true, 0);
    failInARow(envoy, 7, 4, 0);
    assertFalse(envoy.isEjected(7));
  }

  @Test
  void envoyReadmitsAtTheFirstSweepAfterThirtySeconds() {
    failInARow(envoy, 7, 5, SECOND);
    sweepUntil(envoy, SECOND, 30 * SECOND);
    assertTrue(envoy.isEjected(7));
    envoy.sweep(40 * SECOND);
    assertFalse(envoy.isEjected(7));
    assertEquals(List.of(7), back);
  }

  @Test
  void envoysSecondEjectionLastsTwiceAsLong() {
    failInARow(envoy, 7, 5, 0);
    sweepUntil(envoy, 0, 30 * SECOND);
    assertFalse(envoy.isEjected(7));
    failInARow(envoy, 7, 5, 31 * SECOND);
    sweepUntil(envoy, 31 * SECOND, 90 * SECOND);
    assertTrue(envoy.isEjected(7));
    envoy.sweep(100 * SECOND);
    assertFalse(envoy.isEjected(7));
  }

  @Test
  void anIntervalInServiceTakesOneOffEnvoysMultiplier() {
    failInARow(envoy, 7, 5, 0);
    sweepUntil(envoy, 0, 40 * SECOND);
    failInARow(envoy, 7, 5, 41 * SECOND);
    sweepUntil(envoy, 41 * SECOND, 80 * SECOND);
    assertFalse(envoy.isEjected(7));
  }

  @Test
  void envoyEjectsNoMoreThanATenth() {
    for (int u = 0; u < 30; u++) {
      failInARow(envoy, u, 12, 0);
    }
    assertEquals(List.of(0, 1, 2), out);
  }

  @Test
  void envoyEjectsOneOfFewAllTheSame() {
    EnvoyDetector small = new EnvoyDetector(5, 5, out::add, back::add);
    failInARow(small, 0, 5, 0);
    failInARow(small, 1, 5, 0);
    assertEquals(List.of(0), out);
  }

  @Test
  void envoyEjectsSuccessRatesBelowMeanLessNineteenTenthsOfTheDeviation() {
    // Rates 0.5, 1, 1, 1, 1: mean 0.9, deviation 0.2, threshold 0.52.
    for (int u = 0; u < 5; u++) {
      alternate(envoy, u, 100, u == 0 ? 50 : 0);
    }
    envoy.sweep(10 * SECOND);
    assertEquals(List.of(0), out);
  }

  @Test
  void envoyComparesOnlyWhoHadAHundredResultsInTheInterval() {
    for (int u = 0; u < 5; u++) {
      alternate(envoy, u, u == 0 ? 98 : 100, u == 0 ? 49 : 0);
    }
    envoy.sweep(10 * SECOND);
    alternate(envoy, 0, 98, 49);
    envoy.sweep(20 * SECOND);
    assertEquals(List.of(), out);
  }

  @Test
  void resultsOfTheLastIntervalAreForgotten() {
    for (int u = 0; u < 5; u++) {
      alternate(envoy, u, 100, u == 0 ? 20 : 20 + u);
    }
    envoy.sweep(10 * SECOND);
    for (int u = 0; u < 5; u++) {
      alternate(envoy, u, 50, u == 0 ? 25 : 0);
    }
    envoy.sweep(20 * SECOND);
    assertEquals(List.of(), out);
  }

  @Test
  void anIntervalInServiceTakesOneOffGrpcsMultiplier() {
    ejectByGrpc(10);
    grpc.sweep(40 * SECOND);
    ejectByGrpc(50);
    grpc.sweep(110 * SECOND);
    // A multiplier of 2 becomes 1 at 120 s, so the ejection at 130 s lasts 60 s again.
    grpc.sweep(120 * SECOND);
    ejectByGrpc(130);
    grpc.sweep(180 * SECOND);
    assertTrue(grpc.isEjected(0));
    grpc.sweep(190 * SECOND);
    assertFalse(grpc.isEjected(0));
  }

  @Test
  void equalSuccessRatesAreNoOutliers() {
    for (int u = 0; u < 30; u++) {
      alternate(envoy, u, 300, 9);
      put(grpc, u, 300, 9);
    }
    envoy.sweep(10 * SECOND);
    grpc.sweep(10 * SECOND);
    assertEquals(List.of(), out);
  }

  @Test
  void grpcEjectsOutliersOfTheSuccessRate() {
    for (int u = 0; u < 5; u++) {
      put(grpc, u, 100, u == 0 ? 50 : 0);
    }
    grpc.sweep(10 * SECOND);
    assertEquals(List.of(0), out);
  }

  @Test
  void grpcEjectsAboveEightyFivePercentOfFailuresFromFiftyCallsOn() {
    for (int u = 0; u < 6; u++) {
      put(grpc, u, u == 5 ? 49 : 60, u == 0 ? 51 : u == 1 ? 52 : u == 5 ? 49 : 0);
    }
    grpc.sweep(10 * SECOND);
    assertEquals(List.of(1), out);
  }

  @Test
  void grpcNeedsFiveToCompare() {
    for (int u = 0; u < 4; u++) {
      put(grpc, u, 1000, u == 0 ? 1000 : 0);
    }
    grpc.sweep(10 * SECOND);
    assertEquals(List.of(), out);
  }

  @Test
  void grpcStopsAtATenth() {
    for (int u = 0; u < 30; u++) {
      put(grpc, u, 100, u < 10 ? 100 : 0);
    }
    grpc.sweep(10 * SECOND);
    assertEquals(List.of(0, 1, 2), out);
  }

  @Test
  void grpcReadmitsAfterThirtySecondsTimesTheMultiplier() {
    ejectByGrpc(10);
    grpc.sweep(20 * SECOND);
    grpc.sweep(30 * SECOND);
    assertTrue(grpc.isEjected(0));
    grpc.sweep(40 * SECOND);
    assertFalse(grpc.isEjected(0));
    ejectByGrpc(50);
    for (int at = 60; at <= 100; at += 10) {
      grpc.sweep(at * SECOND);
      assertTrue(grpc.isEjected(0), "at " + at);
    }
    grpc.sweep(110 * SECOND);
    assertFalse(grpc.isEjected(0));
  }

  private void ejectByGrpc(int atSeconds) {
    for (int u = 0; u < 5; u++) {
      put(grpc, u, 100, u == 0 ? 100 : 0);
    }
    grpc.sweep(atSeconds * SECOND);
    assertTrue(grpc.isEjected(0));
  }

  private static void failInARow(EnvoyDetector detector, int u, int times, long now) {
    for (int i = 0; i < times; i++) {
      detector.put(u, false, now);
    }
  }

  /** So many results, failures between successes as long as these last. */
  private static void alternate(EnvoyDetector detector, int u, int results, int failures) {
    int left = failures;
    for (int i = 0; i < results; i++) {
      boolean isGood = i % 2 == 0 || left-- <= 0;
      detector.put(u, isGood, 0);
    }
  }

  private static void put(GrpcDetector detector, int u, int results, int failures) {
    for (int i = 0; i < results; i++) {
      detector.put(u, i >= failures);
    }
  }

  private static void sweepUntil(EnvoyDetector detector, long from, long to) {
    long first = (from / EnvoyDetector.INTERVAL_NANOS + 1) * EnvoyDetector.INTERVAL_NANOS;
    for (long at = first; at <= to; at += EnvoyDetector.INTERVAL_NANOS) {
      detector.sweep(at);
    }
  }
}
