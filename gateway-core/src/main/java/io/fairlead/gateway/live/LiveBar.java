package io.fairlead.gateway.live;

import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * What a live play has to reach, and what it reached.
 *
 * <p>Which bars hold follows from the faults: whoever fails whole is to be left at once, and so on.
 *
 * @param text the figure and its bound
 * @param found the figure
 * @param isMet whether the bound was kept
 */
public record LiveBar(String text, String found, boolean isMet) {
  private static final double MAX_GONE_MILLIS = 500;
  private static final double MAX_FIRST_P99_MILLIS = 250;
  private static final double MAX_FIRST_P999_MILLIS = 300;
  private static final double MAX_CALM_MILLIS = 2_000;
  private static final double MAX_OSCILLATION = 1.2;
  private static final double MAX_HEALTHY_RATIO = 1.3;
  private static final double MAX_LIMITED = 12;
  private static final double LEAST_QUOTA_USE = 0.95;
  private static final double CONSIDERABLE = 0.2;
  private static final int FLAPS = 3;

  /**
   * The bars of a play.
   *
   * @param scenario what was played
   * @param result what came of it
   * @return at least those of lost and wrong calls
   */
  public static List<LiveBar> of(Scenario scenario, LiveResult result) {
    List<LiveBar> bars = new ArrayList<>();
    bars.add(most("errors that clients see", (double) result.counts().failed(), 0, Shown.NUMBER));
    bars.add(most("wrong answers", (double) result.counts().wrong(), 0, Shown.NUMBER));
    List<FaultKind> kinds = scenario.faults().stream().map(Fault::kind).distinct().toList();
    boolean isConsiderable = result.shift().shareBefore() >= CONSIDERABLE;
    kinds.forEach(kind -> addBars(kind, isConsiderable, result, bars));
    if (scenario.faults().size() >= FLAPS && kinds.size() == 1) {
      bars.add(most("oscillation", result.shift().oscillation(), MAX_OSCILLATION, Shown.NUMBER));
    }
    return bars;
  }

  private static void addBars(
      FaultKind kind, boolean isConsiderable, LiveResult result, List<LiveBar> bars) {
    boolean isWhole = kind instanceof FaultKind.BlackHole || kind instanceof FaultKind.Refuse;
    LiveResult.Latency first = result.delays().firstSecond();
    if (isConsiderable && isWhole) {
      double gone = result.shift().goneMillis();
      bars.add(most("share under 5 % after", gone, MAX_GONE_MILLIS, Shown.MILLIS));
      bars.add(
          most("p99 of the first second", first.p99Millis(), MAX_FIRST_P99_MILLIS, Shown.MILLIS));
      bars.add(
          most(
              "p99.9 of the first second",
              first.p999Millis(),
              MAX_FIRST_P999_MILLIS,
              Shown.MILLIS));
    } else if (kind instanceof FaultKind.Delay) {
      double calm = result.delays().calmMillis();
      bars.add(most("p99 back under 1.5x after", calm, MAX_CALM_MILLIS, Shown.MILLIS));
    } else if (kind instanceof FaultKind.Slow) {
      double ratio = result.delays().healthyRatio();
      bars.add(most("p99 of the healthy, during / before", ratio, MAX_HEALTHY_RATIO, Shown.NUMBER));
    } else if (kind instanceof FaultKind.Limit) {
      LiveResult.Quota quota = result.counts().quota();
      bars.add(most("429s", (double) quota.limited(), MAX_LIMITED, Shown.NUMBER));
      bars.add(
          new LiveBar(
              "quota used in the last third >= " + Shown.NUMBER.text(LEAST_QUOTA_USE),
              Shown.NUMBER.text(quota.useLate()),
              quota.useLate() >= LEAST_QUOTA_USE));
    }
  }

  private static LiveBar most(String figure, double found, double bound, Shown shown) {
    return new LiveBar(figure + " <= " + shown.text(bound), shown.text(found), found <= bound);
  }
}
