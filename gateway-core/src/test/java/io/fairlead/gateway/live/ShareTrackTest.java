package io.fairlead.gateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The laws of judging how a share moved. */
final class ShareTrackTest {
  private static final long MILLI = 1_000_000;

  /** One share each millisecond. */
  private static ShareTrack track(double... shares) {
    ShareTrack track = new ShareTrack();
    for (int i = 0; i < shares.length; i++) {
      track.add(i * MILLI, shares[i]);
    }
    return track;
  }

  @Test
  void straightOutAndStraightBackIsIdeal() {
    assertEquals(1, track(0.3, 0.2, 0.1, 0, 0, 0.1, 0.2, 0.3).oscillation(0), 1e-9);
    assertEquals(1, track(0.3, 0, 0.3).oscillation(0), 1e-9);
  }

  @Test
  void whoIsNotYetBackHasAShorterWay() {
    assertEquals(1, track(0.3, 0, 0.1).oscillation(0), 1e-9);
    assertEquals(1, track(0.3, 0).oscillation(0), 1e-9);
  }

  @Test
  void eachDetourCounts() {
    assertEquals(2, track(0.3, 0, 0.3, 0, 0.3).oscillation(0), 1e-9);
    assertEquals(1 + 0.1 / 0.3, track(0.3, 0, 0.1, 0, 0.3).oscillation(0), 1e-9);
  }

  @Test
  void tremblingIsNoWay() {
    assertEquals(1, track(0.3, 0.29, 0.3, 0, 0.01, 0, 0.3, 0.29, 0.3).oscillation(0), 0.07);
    assertTrue(Double.isNaN(track(0.3, 0.305, 0.3).oscillation(0)));
  }

  @Test
  void whatWasBeforeTheInstantDoesNotCount() {
    assertEquals(1, track(0.3, 0, 0.3, 0, 0.3).oscillation(2 * MILLI), 1e-9);
  }

  @Test
  void goneIsUnderATwentiethAndBackIsNineteenTwentieths() {
    ShareTrack track = track(0.3, 0.3, 0.06, 0.04, 0, 0.2, 0.28, 0.29, 0.3);
    assertEquals(2, track.goneMillis(MILLI), 1e-9);
    assertEquals(2, track.backMillis(5 * MILLI, 0.3), 1e-9);
    assertEquals(Double.POSITIVE_INFINITY, track.backMillis(5 * MILLI, 0.5));
    assertEquals(0.3, track.mean(0, 2 * MILLI), 1e-9);
    assertTrue(Double.isNaN(track.mean(100 * MILLI, 200 * MILLI)));
  }

  @Test
  void longPlaysFit() {
    ShareTrack track = new ShareTrack();
    for (int i = 0; i < 10_000; i++) {
      track.add(i, i < 9_999 ? 1 : 0);
    }
    assertEquals(9_999 / 1e6, track.goneMillis(0), 1e-9);
  }
}
