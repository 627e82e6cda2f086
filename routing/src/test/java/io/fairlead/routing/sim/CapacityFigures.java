package io.fairlead.routing.sim;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.result.Estimate;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the bars of the capacity scenarios ask beyond the figures that every play gives. */
final class CapacityFigures {
  private static final double CLOUD_CAP = 0.4;

  private CapacityFigures() {}

  /** Of those plays whose timeline was kept. */
  static Map<String, Estimate> of(List<Result> all) {
    List<Result> results = all.stream().filter(r -> r.timeline().size() > 0).toList();
    Map<String, Estimate> figures = new LinkedHashMap<>();
    switch (all.get(0).run().scenario()) {
      case "S7" -> add(figures, results, "quota used from 30 s", r -> used(r.timeline(), 300, 900));
      case "S11" -> {
        add(figures, results, "lost/s at 5-15 s", r -> lost(r.timeline(), 50, 150));
        add(figures, results, "good/s at 16-30 s", r -> good(r.timeline(), 160, 300));
        add(figures, results, "lost/s at 16-30 s", r -> lost(r.timeline(), 160, 300));
        add(figures, results, "lost/s at 30-40 s", r -> lost(r.timeline(), 300, 400));
        add(figures, results, "lost/s at 40-60 s", r -> lost(r.timeline(), 400, 600));
        add(figures, results, "lost/s at 60-75 s", r -> lost(r.timeline(), 600, 750));
      }
      case "S17" ->
          add(figures, results, "seconds with a cloud over its cap", r -> over(r.timeline()));
      default -> {}
    }
    return figures;
  }

  private static void add(
      Map<String, Estimate> figures,
      List<Result> results,
      String name,
      ToDoubleFunction<Result> figure) {
    figures.put(name, Estimate.of(results.stream().mapToDouble(figure).toArray()));
  }

  private static double used(Timeline t, int from, int to) {
    double picks = 0;
    for (int u = 0; u < t.upstreams().size(); u++) {
      for (int b = from; b < to && t.upstreams().get(u).id().equals("r0-3"); b++) {
        picks += t.picks(b, u);
      }
    }
    return picks / (CapacityScenarios.QUOTA * (to - from) / 10);
  }

  private static double good(Timeline t, int from, int to) {
    double sum = 0;
    for (int b = from; b < to; b++) {
      sum += t.answered(b);
    }
    return sum * 10 / (to - from);
  }

  private static double lost(Timeline t, int from, int to) {
    double sum = 0;
    for (int b = from; b < to; b++) {
      sum += t.lost(b);
    }
    return sum * 10 / (to - from);
  }

  /** Whole seconds in which a cloud got more first attempts than its cap and three deviations. */
  private static double over(Timeline t) {
    double seconds = 0;
    for (int s = 5; s < t.size() / 10; s++) {
      Map<FailureDomain, Integer> picks = new LinkedHashMap<>();
      int all = 0;
      for (int b = 10 * s; b < 10 * s + 10; b++) {
        for (int u = 0; u < t.upstreams().size(); u++) {
          int n = t.picks(b, u);
          all += n;
          t.upstreams().get(u).domains().stream()
              .filter(d -> d.kind().equals(FailureDomain.CLOUD))
              .forEach(d -> picks.merge(d, n, Integer::sum));
        }
      }
      double most = CLOUD_CAP * all + 3 * Math.sqrt(CLOUD_CAP * (1 - CLOUD_CAP) * all);
      seconds += picks.values().stream().anyMatch(n -> n > most) ? 1 : 0;
    }
    return seconds;
  }
}
