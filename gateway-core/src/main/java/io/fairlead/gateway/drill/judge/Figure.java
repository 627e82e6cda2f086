package io.fairlead.gateway.drill.judge;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/** A figure of a play under the name that scenario files and reports give it. */
public enum Figure {
  /** Median latency as clients saw it; calls that were given up count with the timeout. */
  P50("p50", Quantile.P50),
  /** 95th percentile of the same. */
  P95("p95", Quantile.P95),
  /** 99th percentile of the same. */
  P99("p99", Quantile.P99),
  /** 99.9th percentile of the same. */
  P999("p99.9", Quantile.P999),
  /** Mean latency; lost calls count with the timeout. */
  MEAN("mean", Unit.MILLIS, Metric.MEAN_MILLIS),
  /** Calls in measured time. */
  CALLS("calls", Unit.NUMBER, Metric.CALLS),
  /** Calls whose client got an error that was not its own doing, or gave up. */
  LOST("lost", Unit.NUMBER, Metric.CALLS_LOST),
  /** Of these, calls that arrived in the second after the first fault began. */
  LOST_AT_ONSET("lost-at-onset", Unit.NUMBER, Metric.LOST_AT_ONSET),
  /** Lost calls over the rate offered. */
  ERROR_SECONDS("error-seconds", Unit.NUMBER, Metric.ERROR_SECONDS),
  /** Good answers of the calls that came while faults lasted. */
  GOODPUT("goodput", Unit.SHARE, Metric.GOODPUT),
  /** Good answers while faults lasted, of what the capacity left could have given. */
  GOODPUT_OF_CAPACITY("goodput-of-capacity", Unit.SHARE, Derived::goodputOfCapacity),
  /** From the fault until half of what it befell was out. */
  DETECTED("detected", Unit.MILLIS, Metric.DETECT_MILLIS),
  /** The same, less twice the p99 of light calls: silence is no evidence before that. */
  DETECTED_BEYOND_SILENCE("detected-beyond-silence", Unit.MILLIS, Derived::detectedBeyondSilence),
  /** From the fault until what it befell had less than 5 % of the calls. */
  DRAINED("drained", Unit.MILLIS, Metric.SHARE_GONE_MILLIS),
  /** From the fault until nine tenths of the heavy calls that left had left. */
  HEAVY_MOVED("heavy-moved", Unit.MILLIS, Metric.HEAVY_MOVED_MILLIS),
  /** From healing until what was ill had 95 % of its share before. */
  BACK("back", Unit.MILLIS, Metric.SHARE_BACK_MILLIS),
  /** p99 of attempts at what no fault befell, during faults over before. */
  HEALTHY_P99("healthy-p99", Unit.NUMBER, Metric.HEALTHY_P99_RATIO),
  /** The same of light calls in the region that fares worst. */
  WORST_REGION_P99("worst-region-p99", Unit.NUMBER, Metric.WORST_REGION_P99_RATIO),
  /** The way that the share travelled over twice its range; 1 is out once and back once. */
  OSCILLATION("oscillation", Unit.NUMBER, Metric.OSCILLATION),
  /** The largest second of attempts in flight at who returns over what it settles at. */
  HERD("herd", Unit.NUMBER, Metric.HERD),
  /** The same of the region that takes over most, by tenths of a second during the faults. */
  NEXT_REGION_PEAK("next-region-peak", Unit.NUMBER, Metric.NEXT_REGION_PEAK),
  /** Retries for each call. */
  RETRIES("retries", Unit.SHARE, Metric.RETRIES),
  /** Hedges and rescues for each call. */
  HEDGES("hedges", Unit.SHARE, Metric.HEDGES),
  /** Attempts for each call. */
  AMPLIFICATION("amplification", Unit.NUMBER, Derived::amplification),
  /** Billable probes for each upstream and day. */
  PROBES("probes", Unit.NUMBER, Metric.PROBES_PER_DAY),
  /** Upstreams ejected and domains blamed that no fault befell. */
  FALSE_DRAINS("false-drains", Unit.NUMBER, Metric.FALSE_DRAINS),
  /** Whether the cause was blamed and nobody innocent: 100 % or 0 %. */
  BLAMED("blamed", Unit.SHARE, Metric.BLAMED_RIGHT),
  /** Answers to head-sensitive calls from upstreams too far behind. */
  STALE("stale", Unit.NUMBER, Metric.STALE_ANSWERS),
  /** From the fault until the last of those. */
  STALE_FOR("stale-for", Unit.MILLIS, Metric.STALE_FOR_MILLIS),
  /** Billable probes of what the fault befell until it was detected. */
  PROBES_TO_DETECT("probes-to-detect", Unit.NUMBER, Metric.PROBES_TO_DETECT),
  /** Answers 429 that the gateway was given. */
  LIMITED("limited", Unit.NUMBER, Metric.LIMITED),
  /** Attempts at who has a quota in the last third of the play, of what the quota allows. */
  QUOTA_USED("quota-used", Unit.SHARE, Derived::quotaUsed),
  /** By how much a failure domain was over its cap, the worst second of the play. */
  OVER_CAP("over-cap", Unit.SHARE, Derived::overCap);

  private final String label;
  private final Unit unit;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Source source;

  private final boolean isLatency;

  /** Where a figure comes from. */
  @FunctionalInterface
  interface Source {
    double of(Result result, Scenario scenario, Part part);
  }

  /** A figure that no single metric of a result gives. */
  @FunctionalInterface
  interface Computed {
    double of(Result result, Scenario scenario);
  }

  /**
   * Which calls a latency is of.
   *
   * @param methodClass null for all classes together
   * @param window when they arrived
   */
  record Part(@Nullable MethodClass methodClass, Window window) {}

  Figure(String label, Quantile quantile) {
    this.label = label;
    this.unit = Unit.MILLIS;
    this.source = (r, s, part) -> r.latencies().millis(part.methodClass(), part.window(), quantile);
    this.isLatency = true;
  }

  Figure(String label, Unit unit, Metric metric) {
    this.label = label;
    this.unit = unit;
    this.source = (result, scenario, part) -> result.get(metric);
    this.isLatency = false;
  }

  Figure(String label, Unit unit, Computed computed) {
    this.label = label;
    this.unit = unit;
    this.source = (result, scenario, part) -> computed.of(result, scenario);
    this.isLatency = false;
  }

  /**
   * Its name in scenario files and tables.
   *
   * @return a word
   */
  public String label() {
    return label;
  }

  /**
   * What it is counted in.
   *
   * @return the unit
   */
  public Unit unit() {
    return unit;
  }

  /**
   * Whether it can be asked for one method class and one window.
   *
   * @return true for quantiles of latency
   */
  public boolean isLatency() {
    return isLatency;
  }

  /**
   * Whether single plays say little of it, so that plays are averaged.
   *
   * @return true for what hardly ever happens
   */
  public boolean isRare() {
    return this == BLAMED || this == FALSE_DRAINS;
  }

  /**
   * A value for people.
   *
   * @param value in its unit; NaN where it does not apply, infinite for what never happened
   * @return the text
   */
  public String format(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return Double.isInfinite(value) ? "never" : unit.format(value);
  }

  double of(Result result, Scenario scenario, Part part) {
    return source.of(result, scenario, part);
  }
}
