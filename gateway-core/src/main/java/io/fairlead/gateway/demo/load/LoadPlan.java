package io.fairlead.gateway.demo.load;

import java.time.Duration;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongToIntFunction;

/**
 * Who sends what, and how often.
 *
 * @param rate how often
 * @param timeout after which a call is given up
 * @param shares what is asked
 * @param stages what calls are counted by
 * @param recorder hears of every call
 */
public record LoadPlan(
    Rate rate, Duration timeout, CallShares shares, Stages stages, CallRecorder recorder) {
  /**
   * How many calls a second are due.
   *
   * @param perSecondAt by time in nanoseconds from the start; 0 or more
   * @param warming the rate before the start, more than 0
   */
  public record Rate(LongToDoubleFunction perSecondAt, double warming) {
    /** Checks the rate. */
    public Rate {
      if (!(warming > 0)) {
        throw new IllegalArgumentException("rate: " + warming + " (expected: more than 0)");
      }
    }

    /**
     * Always the same.
     *
     * @param callsPerSecond the mean rate
     * @return the rate
     */
    public static Rate steady(double callsPerSecond) {
      return new Rate(due -> callsPerSecond, callsPerSecond);
    }
  }

  /**
   * Parts of the load that figures are kept for.
   *
   * @param count how many there are
   * @param at the stage of a call by when it is due, in nanoseconds from the start; negative for
   *     none
   */
  public record Stages(int count, LongToIntFunction at) {
    /** No stages. */
    public static final Stages NONE = new Stages(0, due -> -1);
  }

  /**
   * The usual calls at a steady rate.
   *
   * @param callsPerSecond the mean rate
   * @param timeout after which a call is given up
   * @param stages what calls are counted by
   * @return the plan
   */
  public static LoadPlan steady(double callsPerSecond, Duration timeout, Stages stages) {
    return new LoadPlan(
        Rate.steady(callsPerSecond), timeout, CallShares.USUAL, stages, CallRecorder.NONE);
  }
}
