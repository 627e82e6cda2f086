package io.fairlead.gateway.drill.play;

import io.fairlead.gateway.drill.file.DrillFile;
import io.fairlead.gateway.drill.file.DrillLoader;
import io.fairlead.gateway.drill.file.DrillResult;
import io.fairlead.gateway.drill.judge.Bar;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.judge.Judgement;
import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.judge.Score;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Estimate;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Plays one scenario file: whom it was asked for, whom its bars compare with, and judges.
 *
 * <p>Thread-safety: none; the main thread.
 */
public final class Drill {
  private static final List<Window> PARTS = List.of(Window.BEFORE, Window.DURING, Window.AFTER);
  private static final List<Figure> LATENCIES = List.of(Figure.P50, Figure.P99, Figure.P999);

  private final Contest contest;
  private final DrillLoader loader;
  private final Consumer<String> progress;

  /**
   * Ready to play.
   *
   * @param contest plays
   * @param loader reads scenarios that bars refer to
   * @param progress told before each contestant's plays
   */
  public Drill(Contest contest, DrillLoader loader, Consumer<String> progress) {
    this.contest = contest;
    this.loader = loader;
    this.progress = progress;
  }

  /**
   * What came of a file.
   *
   * @param file what was played
   * @param seeds how often
   * @param scores the production policy's first, then the others in the order asked for
   * @param judgements one for each bar
   */
  public record Outcome(DrillFile file, int seeds, List<Score> scores, List<Judgement> judgements) {
    /** Copies the lists. */
    public Outcome {
      scores = List.copyOf(scores);
      judgements = List.copyOf(judgements);
    }

    /**
     * The first contestant's.
     *
     * @return its score
     */
    public Score own() {
      return scores.get(0);
    }
  }

  /**
   * Plays a file.
   *
   * @param file what
   * @param contestants who; the first is judged
   * @param seeds how often
   * @return what came of it
   */
  public Outcome play(DrillFile file, List<String> contestants, int seeds) {
    Set<Measure> measures = measures(file);
    List<Score> scores = new ArrayList<>();
    Map<String, Score> known = new LinkedHashMap<>();
    for (String contestant : contestants) {
      Score score = play(file.scenario(), contestant, seeds, measures);
      scores.add(score);
      known.put(contestant, score);
    }
    List<Judgement> judgements = new ArrayList<>();
    for (Bar bar : file.bars()) {
      judgements.add(judge(bar, scores.get(0), rival(bar, file, seeds, known)));
    }
    return new Outcome(file, seeds, scores, judgements);
  }

  private Score play(Scenario scenario, String who, int seeds, Set<Measure> measures) {
    progress.accept(
        scenario.name() + ": " + who + ", " + seeds + (seeds == 1 ? " play" : " plays"));
    return contest.play(scenario, who, seeds, measures);
  }

  /** Whom a bar compares with; played now if nobody asked for it before. */
  private Optional<Score> rival(Bar bar, DrillFile file, int seeds, Map<String, Score> known) {
    return bar.versus()
        .map(
            name ->
                known.computeIfAbsent(
                    name,
                    n ->
                        n.endsWith(".yaml")
                            ? play(other(file, n), Contestants.FAIRLEAD, seeds, measures(file))
                            : play(file.scenario(), n, seeds, measures(file))));
  }

  private Scenario other(DrillFile file, String name) {
    Path path = file.path().resolveSibling(name);
    if (loader.load(path) instanceof DrillResult.Loaded loaded) {
      return loaded.file().scenario();
    }
    throw new IllegalStateException(path + " is refused; see fairlead drill " + path);
  }

  private static Judgement judge(Bar bar, Score own, Optional<Score> rival) {
    Estimate estimate =
        rival.map(r -> own.ratio(bar.measure(), r)).orElseGet(() -> own.get(bar.measure()));
    return new Judgement(bar, estimate, bar.isMetBy(estimate.median()));
  }

  /** Everything that a report of this scenario shows or judges. */
  private static Set<Measure> measures(DrillFile file) {
    Set<Measure> measures = new LinkedHashSet<>(latencies(file.scenario()));
    for (Figure figure : Figure.values()) {
      if (!figure.isLatency()) {
        measures.add(Measure.of(figure));
      }
    }
    file.bars().forEach(bar -> measures.add(bar.measure()));
    return measures;
  }

  /**
   * The latencies that a report of a scenario shows.
   *
   * @param scenario what was played
   * @return p50, p99 and p99.9 of each class before, during and after the faults
   */
  public static List<Measure> latencies(Scenario scenario) {
    List<Window> windows = scenario.faults().isEmpty() ? List.of(Window.WHOLE) : PARTS;
    List<Measure> measures = new ArrayList<>();
    for (ClassLoad load : scenario.load().classes()) {
      Optional<MethodClass> methodClass = Optional.of(load.methodClass());
      for (Figure figure : LATENCIES) {
        windows.forEach(window -> measures.add(new Measure(figure, methodClass, window)));
      }
    }
    LATENCIES.forEach(figure -> measures.add(new Measure(figure, Optional.empty(), Window.WHOLE)));
    return measures;
  }
}
