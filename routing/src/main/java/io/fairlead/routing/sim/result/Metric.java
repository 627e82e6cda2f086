package io.fairlead.routing.sim.result;

/**
 * A figure of one play. {@link Double#NaN} where it does not apply, {@link
 * Double#POSITIVE_INFINITY} for a time at which something never happened.
 *
 * <p>The <i>targets</i> are the upstreams that some fault of the scenario befalls. Shares are those
 * that the gateway itself tells (the mean over gateways), else the part of first attempts in
 * windows of 100 ms or of forty attempts, whichever is longer.
 */
public enum Metric {
  /** Calls that arrived in measured time. */
  CALLS("calls"),
  /** Of these, calls whose client gave up or got an error that was not its own doing. */
  CALLS_LOST("calls"),
  /** Calls lost of those that arrived within a second of the first fault's begin. */
  LOST_AT_ONSET("calls"),
  /** Calls lost / the rate offered while faults lasted (on average, without faults). */
  ERROR_SECONDS("s"),
  /** Good answers / calls, of those that arrived during faults. */
  GOODPUT("ratio"),
  /** From the first fault until half of its targets were out at half of the gateways. */
  DETECT_MILLIS("ms"),
  /** From the first fault until its targets' share of all calls is under 5 %. */
  SHARE_GONE_MILLIS("ms"),
  /**
   * From the first fault until the targets' share of heavy calls (LOGS, TRACE) has gone nine tenths
   * of the way from where it was to where it settles in the last third of the fault.
   */
  HEAVY_MOVED_MILLIS("ms"),
  /** From the end of the last fault until the targets have 95 % of their share before. */
  SHARE_BACK_MILLIS("ms"),
  /** p99 of successful attempts at upstreams that are no targets, during / before: all classes. */
  HEALTHY_P99_RATIO("ratio"),
  /**
   * The same of light calls in the region, among those without targets, that fares worst; regions
   * with less than a hundred such attempts before or during are left out.
   */
  WORST_REGION_P99_RATIO("ratio"),
  /**
   * The way that the targets' share travelled / twice its range, from the first fault on; turns
   * count when they are large against noise. 1: out once and back once.
   */
  OSCILLATION("ratio"),
  /**
   * In the 20 s after the last fault: the largest mean of a second of attempts in flight at all
   * targets together / the mean of the last 5 s (at least 1). Of single targets, with one or two
   * long calls in flight each, even a random pick in calm weather has three times its mean in its
   * worst second.
   */
  HERD("ratio"),
  /**
   * Of the region without targets that carries most at the end of the faults: the largest mean of
   * 100 ms of attempts in flight during the faults / the mean of their last fifth.
   */
  NEXT_REGION_PEAK("ratio"),
  /** Attempts made when another had failed / calls. */
  RETRIES("ratio"),
  /** Attempts made beside another in flight (hedges and rescues) / calls. */
  HEDGES("ratio"),
  /** Billable probes for each upstream, brought to a day. */
  PROBES_PER_DAY("probes"),
  /** Upstreams ejected, and domains blamed with a member, that no fault befell lately. */
  FALSE_DRAINS("drains"),
  /** 1 if every fault's cause was blamed and no domain with an innocent member, else 0. */
  BLAMED_RIGHT("ratio"),
  /** Answers to head-sensitive calls from upstreams that lag beyond the chain's maxLag. */
  STALE_ANSWERS("calls"),
  /** From the first fault until the last of those; 0 if there was none since. */
  STALE_FOR_MILLIS("ms"),
  /** Billable probes of the targets from the first fault until it was detected. */
  PROBES_TO_DETECT("probes"),
  /** 429s that gateways were given. */
  LIMITED("attempts"),
  /** Mean latency of all calls; lost ones count as the client's timeout. */
  MEAN_MILLIS("ms");

  private final String unit;

  Metric(String unit) {
    this.unit = unit;
  }

  /**
   * What it is measured in.
   *
   * @return {@code ms}, {@code s}, {@code ratio} or what is counted
   */
  public String unit() {
    return unit;
  }
}
