package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.judge.Judgement;
import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.judge.Score;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of a play, alike in every report. */
final class Tables {
  private static final List<Figure> FAULTY =
      List.of(
          Figure.LOST,
          Figure.ERROR_SECONDS,
          Figure.DETECTED,
          Figure.DRAINED,
          Figure.BACK,
          Figure.HEALTHY_P99,
          Figure.OSCILLATION,
          Figure.AMPLIFICATION,
          Figure.PROBES,
          Figure.BLAMED,
          Figure.FALSE_DRAINS);
  private static final List<Figure> CALM =
      List.of(Figure.LOST, Figure.MEAN, Figure.AMPLIFICATION, Figure.PROBES, Figure.FALSE_DRAINS);
  private static final List<Figure> QUANTILES = List.of(Figure.P50, Figure.P99, Figure.P999);

  private Tables() {}

  /** A row for each contestant. */
  static Grid contestants(Outcome outcome) {
    Scenario scenario = outcome.file().scenario();
    List<Measure> measures = columns(scenario);
    List<String> head = new ArrayList<>(List.of("policy"));
    measures.forEach(m -> head.add(heading(m)));
    Grid grid = new Grid(head);
    for (Score score : outcome.scores()) {
      List<String> row = new ArrayList<>(List.of(score.contestant()));
      measures.forEach(m -> row.add(m.figure().format(score.get(m).median())));
      grid.add(row);
    }
    return grid;
  }

  private static List<Measure> columns(Scenario scenario) {
    boolean isCalm = scenario.faults().isEmpty();
    List<Measure> measures = new ArrayList<>();
    Optional<MethodClass> most = Optional.of(scenario.load().classes().get(0).methodClass());
    for (Figure figure : QUANTILES) {
      measures.add(new Measure(figure, most, isCalm ? Window.WHOLE : Window.DURING));
    }
    (isCalm ? CALM : FAULTY).forEach(figure -> measures.add(Measure.of(figure)));
    return measures;
  }

  private static String heading(Measure measure) {
    return switch (measure.figure()) {
      case DRAINED -> "share <5 %";
      case AMPLIFICATION -> "attempts/call";
      case PROBES -> "probes/upstream/day";
      case ERROR_SECONDS -> "error-s";
      default -> measure.label();
    };
  }

  /** A row for each class, columns for each part of the play. */
  static Grid latencies(Outcome outcome) {
    Score own = outcome.own();
    Scenario scenario = outcome.file().scenario();
    List<Window> windows =
        scenario.faults().isEmpty()
            ? List.of(Window.WHOLE)
            : List.of(Window.BEFORE, Window.DURING, Window.AFTER);
    List<String> head = new ArrayList<>(List.of("latency"));
    windows.forEach(w -> QUANTILES.forEach(q -> head.add(q.label() + " " + Measure.word(w))));
    Grid grid = new Grid(head);
    for (ClassLoad load : scenario.load().classes()) {
      List<String> row = new ArrayList<>(List.of(load.methodClass().label()));
      Optional<MethodClass> c = Optional.of(load.methodClass());
      for (Window w : windows) {
        QUANTILES.forEach(q -> row.add(q.format(own.get(new Measure(q, c, w)).median())));
      }
      grid.add(row);
    }
    return grid;
  }

  /** A row for each bar. */
  static Grid bars(Outcome outcome) {
    Grid grid = new Grid(List.of("bar", "found", "verdict"));
    for (Judgement judgement : outcome.judgements()) {
      grid.add(List.of(judgement.bar().toString(), judgement.found(), verdict(judgement)));
    }
    return grid;
  }

  static String verdict(Judgement judgement) {
    return judgement.isMet() ? "met" : "MISSED";
  }
}
