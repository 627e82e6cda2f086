package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.view.Timeline;
import java.util.OptionalDouble;

/**
 * Notes when the failed cloud's share fell and when it came back.
 *
 * <p>Thread-safety: confined to the demo's loop.
 */
final class ShiftWatch {
  private static final double AWAY = 0.05;
  private static final double BACK = 0.9;

  private final Timeline timeline;
  private double shareBefore;
  private OptionalDouble secondsAway = OptionalDouble.empty();
  private OptionalDouble secondsBack = OptionalDouble.empty();

  ShiftWatch(Timeline timeline) {
    this.timeline = timeline;
  }

  /** The cloud's share at an instant; to be called with rising times. */
  void onShare(double seconds, double share) {
    switch (timeline.phaseAt(seconds)) {
      case BEFORE -> shareBefore = share;
      case DURING -> {
        if (secondsAway.isEmpty() && share < AWAY) {
          secondsAway = OptionalDouble.of(seconds - timeline.faultSeconds());
        }
      }
      case AFTER -> {
        if (secondsBack.isEmpty() && share >= BACK * shareBefore) {
          secondsBack = OptionalDouble.of(seconds - timeline.healSeconds());
        }
      }
    }
  }

  Summary.Shift shift() {
    return new Summary.Shift(shareBefore, secondsAway, secondsBack);
  }
}
