package io.fairlead.gateway.drill.play;

import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.judge.Score;
import io.fairlead.routing.sim.Simulator;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Lets contestants play a scenario with many seeds, several plays at once, and keeps of each only
 * the figures that were asked for: a timeline is large.
 *
 * <p>Thread-safety: safe; plays share nothing. The executor's threads play.
 */
public final class Contest {
  private final Executor executor;

  /**
   * A contest.
   *
   * @param executor runs plays; one thread for each processor is best
   */
  public Contest(Executor executor) {
    this.executor = executor;
  }

  /** What is kept of one play. */
  @SuppressWarnings("ArrayRecordComponent") // a row that is read once
  private record Kept(Result result, double[] figures) {}

  /**
   * Plays a scenario with the seeds 1 to n.
   *
   * @param scenario what
   * @param contestant who
   * @param seeds how often, at least once
   * @param measures what is kept
   * @return what came of it, the same for the same arguments
   */
  public Score play(Scenario scenario, String contestant, int seeds, Collection<Measure> measures) {
    GatewayUnderTest.Factory factory = factory(contestant);
    List<Measure> wanted = List.copyOf(measures);
    List<CompletableFuture<Kept>> plays = new ArrayList<>();
    for (long seed = 1; seed <= seeds; seed++) {
      long own = seed;
      plays.add(
          CompletableFuture.supplyAsync(() -> play(scenario, factory, own, wanted), executor));
    }
    List<Kept> kept = plays.stream().map(CompletableFuture::join).toList();
    return new Score(contestant, scenario, kept.get(0).result(), columns(wanted, kept));
  }

  /**
   * Plays a scenario once, on the calling thread.
   *
   * @param scenario what
   * @param contestant who
   * @return what came of it, with its timeline
   */
  static Result playOnce(Scenario scenario, String contestant) {
    return Simulator.play(scenario, factory(contestant), 1);
  }

  private static GatewayUnderTest.Factory factory(String contestant) {
    return Contestants.named(contestant)
        .orElseThrow(() -> new IllegalArgumentException("contestant: " + contestant));
  }

  private static Kept play(
      Scenario scenario, GatewayUnderTest.Factory factory, long seed, List<Measure> wanted) {
    Result result = Simulator.play(scenario, factory, seed);
    double[] figures = wanted.stream().mapToDouble(m -> m.of(result, scenario)).toArray();
    return new Kept(seed == 1 ? result : result.withoutTimeline(), figures);
  }

  private static Map<Measure, double[]> columns(List<Measure> measures, List<Kept> kept) {
    Map<Measure, double[]> columns = new LinkedHashMap<>();
    for (int i = 0; i < measures.size(); i++) {
      int column = i;
      columns.put(measures.get(i), kept.stream().mapToDouble(k -> k.figures()[column]).toArray());
    }
    return columns;
  }
}
