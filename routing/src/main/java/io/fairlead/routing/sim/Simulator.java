package io.fairlead.routing.sim;

import io.fairlead.routing.sim.engine.Engine;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Summary;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Plays scenarios under policies.
 *
 * <p>Thread-safety: safe; plays share nothing.
 */
public final class Simulator {
  private Simulator() {}

  /**
   * Plays a scenario once, on the calling thread.
   *
   * @param scenario what
   * @param policy makes the gateways
   * @param seed what all randomness comes from
   * @return what came of it, the same for the same arguments
   */
  public static Result play(Scenario scenario, GatewayUnderTest.Factory policy, long seed) {
    return Engine.play(scenario, policy, seed);
  }

  /**
   * Plays a scenario with many seeds.
   *
   * @param scenario what
   * @param policy makes the gateways; called on the executor's threads
   * @param seeds one play for each; at least one
   * @param executor runs the plays; one thread for each processor is best
   * @return what they say together, results in the order of the seeds, without timelines but for
   *     the first
   */
  public static Summary playAll(
      Scenario scenario, GatewayUnderTest.Factory policy, List<Long> seeds, Executor executor) {
    List<CompletableFuture<Result>> plays = new ArrayList<>();
    for (long seed : seeds) {
      boolean isFirst = plays.isEmpty();
      plays.add(
          CompletableFuture.supplyAsync(
              () -> {
                Result result = play(scenario, policy, seed);
                return isFirst ? result : result.withoutTimeline();
              },
              executor));
    }
    return new Summary(plays.stream().map(CompletableFuture::join).toList());
  }
}
