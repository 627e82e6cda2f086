package io.fairlead.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.view.Timeline;
import org.junit.jupiter.api.Test;

/** The laws of timing the shift. */
class ShiftWatchTest {
  private final ShiftWatch watch = new ShiftWatch(new Timeline("aws", 10, 25, 45));

  @Test
  void firstTimeUnderFivePercentAndFirstTimeBackCount() {
    watch.onShare(9.99, 0.8);
    watch.onShare(10.1, 0.05);
    watch.onShare(10.25, 0.049);
    watch.onShare(15, 0.06);
    watch.onShare(16, 0.01);
    watch.onShare(24, 0.8);
    watch.onShare(25.5, 0.71);
    watch.onShare(31, 0.721);
    watch.onShare(40, 0.9);
    assertEquals(0.8, watch.shift().shareBefore());
    assertEquals(0.25, watch.shift().secondsAway().getAsDouble(), 1e-9);
    assertEquals(6, watch.shift().secondsBack().getAsDouble(), 1e-9);
  }

  @Test
  void whatDoesNotHappenHasNoTime() {
    watch.onShare(9, 0.8);
    watch.onShare(20, 0.8);
    watch.onShare(30, 0.1);
    assertTrue(watch.shift().secondsAway().isEmpty());
    assertTrue(watch.shift().secondsBack().isEmpty());
  }
}
