package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.judge.Score;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.sim.result.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rows of a timeline that plots show. */
final class Rows {
  private static final int HALF_WINDOW = 5;

  private Rows() {}

  /** What part of first attempts went to each region, over a second around each bucket. */
  static List<Series> shares(Timeline timeline) {
    List<Series> shares = new ArrayList<>();
    for (FailureDomain region : regions(timeline)) {
      double[] values = new double[timeline.size()];
      for (int b = 0; b < values.length; b++) {
        int until = Math.min(values.length, b + HALF_WINDOW);
        values[b] = timeline.share(region, Math.max(0, b - HALF_WINDOW), until);
      }
      shares.add(new Series(region.name(), shares.size(), values));
    }
    return shares;
  }

  private static Set<FailureDomain> regions(Timeline timeline) {
    Set<FailureDomain> regions = new LinkedHashSet<>();
    timeline
        .upstreams()
        .forEach(
            u ->
                u.domains().stream()
                    .filter(d -> d.kind().equals(FailureDomain.REGION))
                    .forEach(regions::add));
    return regions;
  }

  /** p99 of calls that ended, each second's median bucket. */
  static Series p99(Score score, int colour) {
    Timeline timeline = score.first().timeline();
    double[] values = new double[timeline.size()];
    for (int b = 0; b < values.length; b++) {
      int from = Math.max(0, b - HALF_WINDOW);
      int until = Math.min(values.length, b + HALF_WINDOW);
      double[] near = new double[until - from];
      for (int i = from; i < until; i++) {
        near[i - from] = timeline.p99Millis(i);
      }
      values[b] = median(near);
    }
    return new Series(score.contestant(), colour, values);
  }

  private static double median(double[] values) {
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /** Calls lost since measuring began. */
  static Series lost(Score score, int colour) {
    Timeline timeline = score.first().timeline();
    double[] values = new double[timeline.size()];
    double sum = 0;
    long from = score.scenario().play().measureFromNanos();
    for (int b = 0; b < values.length; b++) {
      sum += b * Timeline.BUCKET_NANOS < from ? 0 : timeline.lost(b);
      values[b] = sum;
    }
    return new Series(score.contestant(), colour, values);
  }
}
