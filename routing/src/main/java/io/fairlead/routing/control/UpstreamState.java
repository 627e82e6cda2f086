package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.FadingRatio;
import io.fairlead.routing.evidence.LatencyEstimate;
import io.fairlead.routing.evidence.Suspicion;
import io.fairlead.routing.evidence.Tally;
import io.fairlead.routing.evidence.Testimony;
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
  final Suspicion[] slowness = new Suspicion[ClassGroup.ALL.size()];
  final FadingRatio overall = new FadingRatio(RATE_SECONDS * SECOND);
  final FadingRatio[] byClass = new FadingRatio[MethodClass.ALL.size()];
  final LatencyEstimate[] latency = new LatencyEstimate[MethodClass.ALL.size()];
  private final Charge[] charges = {new Charge(), new Charge()};

  /** For everything. */
  final Recovery recovery = charges[ClassGroup.QUICK.index()].recovery;

  final HoldOff limit = HoldOff.forLimits();
  final HoldOff account = HoldOff.forAccounts();
  final HoldOff lies = HoldOff.forLies();
  final LearnedQuota quota = new LearnedQuota();
  final LearnedLimit room = new LearnedLimit();
  final InFlight inFlight = new InFlight();
  double failureMillis;
  double domainSuccess = 0.999;
  boolean isNews;
  private long firstNewsNanos;
  private boolean hasNews;

  // What costs are made of.
  final TransportRtt transport = new TransportRtt();
  private double rttNanos = Double.NaN;
  private long lagNanos;
  boolean isJoining;

  UpstreamState(Upstream upstream) {
    this.upstream = upstream;
    for (int c = 0; c < latency.length; c++) {
      byClass[c] = new FadingRatio(RATE_SECONDS * SECOND);
      latency[c] = new LatencyEstimate(isHeavy(c) ? SECOND : SECOND / 10);
    }
    for (ClassGroup group : ClassGroup.ALL) {
      slowness[group.index()] = new Suspicion();
    }
  }

  private static boolean isHeavy(int methodClass) {
    return ClassGroup.HEAVY.has(MethodClass.ALL.get(methodClass));
  }

  Charge charge(ClassGroup group) {
    return charges[group.index()];
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
   * Works out the round trip: the low end of the lightest calls there are. While there are only
   * heavy ones, whose work would be taken for distance, or none, what the transport shows stands
   * in. Where there are light calls it does not, since it says too little of an upstream whose
   * connections end at an edge far before the node: every call there would look silent.
   */
  void refreshRtt() {
    double best = Double.NaN;
    boolean isLightKnown = false;
    for (MethodClass c : MethodClass.ALL) {
      LatencyEstimate estimate = latency[c.index()];
      if (estimate.samples() >= 1) {
        best = least(best, (double) estimate.cachedNanos(LOW, 0.1));
        isLightKnown |= c != MethodClass.LOGS && c != MethodClass.TRACE;
      }
    }
    double shown = transport.leastNanos();
    rttNanos = isLightKnown || Double.isNaN(shown) ? best : least(best, shown);
    LatencyEstimate light = latency[MethodClass.LIGHT.index()];
    lagNanos = Math.max(rttNanos(), light.cachedNanos(Timers.SLOW, Timers.SLOW_QUANTILE));
  }

  private static double least(double known, double sample) {
    return Double.isNaN(known) ? sample : Math.min(known, sample);
  }

  boolean isRttKnown() {
    return !Double.isNaN(rttNanos);
  }

  /** 0 while unknown. */
  long rttNanos() {
    return (long) rttNanos;
  }

  Testimony testimony(double score, Suspicion suspicion) {
    return new Testimony(score, suspicion, lagNanos, upstream.inFlight());
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

  /** Takes a tally into the rates that costs and baselines are made of. */
  void count(long nowNanos) {
    firstNewsNanos = hasNews ? firstNewsNanos : nowNanos;
    hasNews = true;
    for (ClassGroup group : ClassGroup.ALL) {
      charge(group).suspicion.count(tally.health(group), nowNanos);
      slowness[group.index()].count(tally.pace(group), nowNanos);
    }
    quota.onAccepted(tally.good(), nowNanos);
    for (MethodClass c : MethodClass.ALL) {
      room.onOverdue(c, tally.overdue(c));
    }
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
    room.onInFlight(upstream.inFlight(), upstream.heavyInFlight());
  }

  /** Grants the calls that its quota allows since the last time. */
  void pace(long nowNanos) {
    if (quota.isKnown()) {
      upstream.grant(quota.grant(limit.isHolding(nowNanos), nowNanos), quota.most());
    } else if (upstream.isPaced()) {
      upstream.unpace();
    }
  }

  /** Whether its first outcome came less than so long ago. */
  boolean isNewerThan(long nanos, long nowNanos) {
    return !hasNews || nowNanos - firstNewsNanos < nanos;
  }

  /** Starts anew on health, as one that was not looked at until now. */
  void onEligible() {
    ClassGroup.ALL.forEach(this::acquit);
  }

  /** Forgets what speaks against it in a group, since a verdict has dealt with it. */
  void acquit(ClassGroup group) {
    charge(group).suspicion.clear();
    slowness[group.index()].clear();
  }
}
