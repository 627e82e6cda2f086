package io.fairlead.routing.sim.scenario;

/**
 * How an upstream serves: one queue, first come first served, before so many equal slots.
 *
 * <p>A call holds a slot for its drawn work / {@code speed}, times {@code heavyFactor} for the
 * classes LOGS and TRACE.
 *
 * @param slots calls worked on at once, 1 or more
 * @param speed 1 does one millisecond of work in a millisecond; more than 0
 * @param heavyFactor how much longer heavy classes take here than elsewhere; more than 0
 * @param errorRate share of calls that get an upstream error at once, always; 0 to 1
 * @param quotaPerSecond calls a second beyond which it answers 429 at once, from a bucket that
 *     holds one second's worth; 0 for no quota
 */
public record Server(
    int slots, double speed, double heavyFactor, double errorRate, double quotaPerSecond) {
  /** Checks the ranges. */
  public Server {
    Rules.require(slots >= 1, "slots", slots, "1 or more");
    Rules.requirePositive(speed, "speed");
    Rules.requirePositive(heavyFactor, "heavyFactor");
    Rules.requireShare(errorRate, "errorRate");
    Rules.requireNotNegative(quotaPerSecond, "quotaPerSecond");
  }

  /**
   * A server without errors of its own and without a quota.
   *
   * @param slots calls worked on at once
   * @param speed how fast
   * @return the server
   */
  public static Server of(int slots, double speed) {
    return new Server(slots, speed, 1, 0, 0);
  }
}
