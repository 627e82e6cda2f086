package io.fairlead.gateway.upstream.socket;

import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.time.Scheduler;
import java.util.random.RandomGenerator;

/**
 * What the shared connections of one event loop have in common.
 *
 * @param scheduler the loop's time
 * @param random spreads what would happen together
 * @param secrets a strong source, for the masks of frames
 * @param connects what may be spent on new connections after others failed
 * @param repeats what may be spent on asking again what a silent connection does not answer
 */
public record SocketMeans(
    Scheduler scheduler,
    RandomGenerator random,
    RandomGenerator secrets,
    Budget connects,
    Budget repeats) {
  private static final double CONNECTS_PER_SECOND = 1;
  private static final double REPEATS_PER_CALL = 0.1;
  private static final double REPEATS_PER_SECOND = 10;

  /**
   * The usual budgets.
   *
   * @param scheduler the loop's time
   * @param random spreads what would happen together
   * @param secrets a strong source
   * @return the means of one loop
   */
  public static SocketMeans of(
      Scheduler scheduler, RandomGenerator random, RandomGenerator secrets) {
    return new SocketMeans(
        scheduler,
        random,
        secrets,
        new Budget(0, CONNECTS_PER_SECOND, scheduler),
        new Budget(REPEATS_PER_CALL, REPEATS_PER_SECOND, scheduler));
  }
}
