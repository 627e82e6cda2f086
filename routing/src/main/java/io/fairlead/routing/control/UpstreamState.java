package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.FadingRatio;
import io.fairlead.routing.evidence.LatencyEstimate;
import io.fairlead.routing.evidence.Tally;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Everything that the control loop knows of one upstream.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class UpstreamState {
  static final double RATE_SECONDS = 10;
  private static final double SECOND = 1e9;
  private static final int LOW = 0;

  Upstream upstream;

  // What others say.
  Identity identity = Identity.UNKNOWN;
  long headBlocks = -1;
  boolean isLagging;
  OptionalInt weightOverride = OptionalInt.empty();
  String weightReason = "configured";
  String drainReason = "";

  // What evidence says.
  final Tally tally = new Tally();
  final Cusum cusum = new Cusum();
  final FadingRatio slow = new FadingRatio(5 * SECOND);
  final FadingRatio fast = new FadingRatio(0.25 * SECOND);
  final FadingRatio flash = new FadingRatio(0.06 * SECOND);
  final FadingRatio overall = new FadingRatio(RATE_SECONDS * SECOND);
  final FadingRatio[] byClass = new FadingRatio[MethodClass.ALL.size()];
  final LatencyEstimate[] latency = new LatencyEstimate[MethodClass.ALL.size()];
  final Recovery recovery = new Recovery();
  final HoldOff limit = HoldOff.forLimits();
  final HoldOff account = HoldOff.forAccounts();
  final LearnedQuota quota = new LearnedQuota();
  final LearnedLimit room = new LearnedLimit();
  final InFlight inFlight = new InFlight();
  double p0 = Cusum.p0(0);
  double failureMillis;
  double domainSuccess = 0.999;
  double ejectionScore;
  long ejectedAtNanos;
  long seenBad;
  long seenGood;
  long seenOverdue;
  long seenCredits;
  long seenSinceNanos;
  long creditsWhileOut;
  boolean isNews;

  // What costs are made of.
  double connectNanos = Double.NaN;
  private double rttNanos = Double.NaN;
  boolean isJoining;

  UpstreamState(Upstream upstream) {
    this.upstream = upstream;
    for (int c = 0; c < latency.length; c++) {
      byClass[c] = new FadingRatio(RATE_SECONDS * SECOND);
      latency[c] = new LatencyEstimate();
    }
  }

  boolean isDrained() {
    return !drainReason.isEmpty();
  }

  int weight() {
    return weightOverride.orElse(upstream.spec().weight());
  }

  /** Whether it may serve at all, health aside. */
  boolean isEligible() {
    return identity == Identity.VERIFIED && !isDrained() && weight() > 0;
  }

  /**
   * Works out the round trip: the low end of the lightest calls there are, or what connecting takes
   * while there are none. Connecting alone says too little of an upstream whose connections end at
   * an edge far before the node: every call there would look silent.
   */
  void refreshRtt() {
    double best = Double.NaN;
    for (MethodClass c : MethodClass.ALL) {
      LatencyEstimate estimate = latency[c.index()];
      if (estimate.samples() >= 1) {
        double low = estimate.cachedNanos(LOW, 0.1);
        best = Double.isNaN(best) ? low : Math.min(best, low);
      }
    }
    rttNanos = Double.isNaN(best) ? connectNanos : best;
  }

  boolean isRttKnown() {
    return !Double.isNaN(rttNanos);
  }

  /** 0 while unknown. */
  long rttNanos() {
    return (long) rttNanos;
  }

  /** A probe is a light call. */
  void onProbed(long elapsedNanos, long nowNanos) {
    if (!isRttKnown()) {
      rttNanos = elapsedNanos;
    }
    latency[MethodClass.LIGHT.index()].add(elapsedNanos, rttNanos(), nowNanos);
  }

  /** A first guess from the low end of what was recorded. */
  void onRttGuess(long nanos) {
    rttNanos = nanos;
  }

  void onConnect(long nanos) {
    connectNanos =
        Double.isNaN(connectNanos) || nanos < connectNanos
            ? nanos
            : connectNanos + 0.1 * (nanos - connectNanos);
  }

  /** Takes a tally into the rates that costs and baselines are made of. */
  void count(long nowNanos) {
    slow.add(nowNanos, tally.good(), tally.bad() - tally.credits());
    fast.add(nowNanos, tally.good(), tally.bad() - tally.credits());
    flash.add(nowNanos, tally.good(), tally.bad() - tally.credits());
    quota.onAccepted(tally.good(), nowNanos);
    long failures = 0;
    for (MethodClass c : MethodClass.ALL) {
      failures += tally.failures(c);
      overall.add(nowNanos, tally.successes(c), tally.failures(c));
      byClass[c.index()].add(nowNanos, tally.successes(c), tally.failures(c));
    }
    if (failures > 0) {
      double mean = tally.failureNanos() / 1e6 / failures;
      failureMillis += Math.min(1, failures / 10.0) * (mean - failureMillis);
    }
  }

  /** A 429 came; the first of several that were under way together is news. */
  boolean onLimited(RandomGenerator random, long nowNanos) {
    boolean isNews = limit.begin(nowNanos, tally.retryAfterNanos(), random);
    quota.onLimited(isNews, rttNanos(), nowNanos);
    if (isNews) {
      room.onLimited();
    }
    return isNews;
  }

  /** Takes a sample of what is in flight. */
  void sampleInFlight(long nowNanos) {
    inFlight.sample(upstream.inFlight(), nowNanos);
    room.onInFlight(upstream.inFlight());
  }

  /** Grants the calls that its quota allows since the last time. */
  void pace(long nowNanos) {
    if (quota.isKnown()) {
      upstream.grant(quota.grant(limit.isHolding(nowNanos), nowNanos), quota.most());
    } else if (upstream.isPaced()) {
      upstream.unpace();
    }
  }

  /** Remembers what the score is made of, for events; nothing while it is 0. */
  void remember(Tally t, long nowNanos) {
    if (cusum.score() == 0) {
      clearSeen();
      return;
    }
    if (seenBad == 0) {
      seenSinceNanos = nowNanos - (t.overdue() > 0 ? Timers.FLOOR_NANOS : 0);
    }
    seenBad += t.bad();
    seenGood += t.good();
    seenOverdue += t.overdue();
    seenCredits += t.credits();
  }

  private void clearSeen() {
    seenBad = 0;
    seenGood = 0;
    seenOverdue = 0;
    seenCredits = 0;
  }

  /** What speaks against it, by today's rates elsewhere. */
  double evidence() {
    return cusum.reweighed(seenGood, Math.max(0, seenBad - seenCredits), p0);
  }

  /** Starts anew on health, as one that was not looked at until now. */
  void onEligible() {
    cusum.reset(0);
    clearEvidence();
  }

  /** Forgets evidence that a conviction has dealt with, so that it does not weigh on others. */
  void clearEvidence() {
    slow.clear();
    fast.clear();
    flash.clear();
    clearSeen();
  }
}
