package io.fairlead.gateway.demo.world;

/**
 * How a simulated node serves.
 *
 * @param slots bodies that it works on at once, 1 or more; others wait their turn
 * @param jitter by how much of itself a round trip varies either way, 0 to 1
 * @param errorShare of bodies that always get an error without being worked on, 0 to 1
 * @param quotaPerSecond bodies a second beyond which it answers 429, from a bucket that holds one
 *     second's worth; 0 for no quota
 * @param work how long calls take
 */
public record NodeServer(
    int slots, double jitter, double errorShare, double quotaPerSecond, WorkTimes work) {
  /** A machine of usual size that fails nobody by itself. */
  public static final NodeServer USUAL = new NodeServer(32, 0.05, 0, 0, WorkTimes.USUAL);

  /** Checks the ranges. */
  public NodeServer {
    require(slots >= 1, "slots", slots, "1 or more");
    require(jitter >= 0 && jitter <= 1, "jitter", jitter, "0 to 1");
    require(errorShare >= 0 && errorShare <= 1, "errorShare", errorShare, "0 to 1");
    require(quotaPerSecond >= 0, "quotaPerSecond", quotaPerSecond, "0 or more");
  }

  private static void require(boolean isGood, String field, double value, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + rule + ")");
    }
  }
}
