package io.fairlead.gateway.demo.view;

import java.time.Duration;

/**
 * When the demo's cloud fails, when it heals, and when the demo ends, in seconds from its start.
 *
 * @param cloud the cloud that fails
 * @param faultSeconds when it becomes a black hole
 * @param healSeconds when it is well again
 * @param endSeconds when the load ends
 */
public record Timeline(String cloud, double faultSeconds, double healSeconds, double endSeconds) {
  /** Checks the order. */
  public Timeline {
    if (!(0 < faultSeconds && faultSeconds < healSeconds && healSeconds < endSeconds)) {
      throw new IllegalArgumentException(
          "timeline: "
              + faultSeconds
              + ", "
              + healSeconds
              + ", "
              + endSeconds
              + " (expected: rising)");
    }
  }

  /**
   * The 10 s, 25 s and 45 s, scaled.
   *
   * @param cloud the cloud that fails
   * @param duration of the whole
   * @return the timeline
   */
  public static Timeline of(String cloud, Duration duration) {
    double end = duration.toMillis() / 1e3;
    return new Timeline(cloud, end * 10 / 45, end * 25 / 45, end);
  }

  /**
   * The act at an instant.
   *
   * @param seconds from the start
   * @return the act
   */
  public Phase phaseAt(double seconds) {
    if (seconds < faultSeconds) {
      return Phase.BEFORE;
    }
    return seconds < healSeconds ? Phase.DURING : Phase.AFTER;
  }

  /**
   * What is going on, in words.
   *
   * @param phase the act
   * @return for a headline
   */
  public String describe(Phase phase) {
    return switch (phase) {
      case BEFORE -> "all clouds are well";
      case DURING -> cloud + " is a black hole";
      case AFTER -> cloud + " has healed";
    };
  }
}
