package io.fairlead.routing.control;

import io.fairlead.routing.evidence.Baseline;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.FadingRatio;
import io.fairlead.routing.evidence.Jury;
import io.fairlead.routing.evidence.Jury.Conviction;
import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;
import io.fairlead.routing.evidence.Suspicion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who became slow, upstream or domain, in one group of classes.
 *
 * <p><b>Idea.</b> A result is <i>slow</i> if it took longer, round trip aside, than nineteen in
 * twenty results of its class take over everybody, and longer than nineteen in twenty took at that
 * upstream ({@link Timers#slowAboveNanos}). So a far region and a machine that always was a bit
 * slow have as many slow results as anybody, a twentieth; their cost says what they are. The same
 * CUSUM as for failures, with the same bounded sums over domains, tells when slow results become
 * many at one place and not elsewhere.
 *
 * <p><b>What it leads to.</b> Nobody is ejected: a slow answer is an answer. The verdict only says
 * that what was learnt of the pace is of the past, and {@link Markup} sets the cost by what came
 * since. If it was a false alarm, that changes next to nothing; so the odds need not be those of an
 * ejection.
 *
 * <p><b>Bounds.</b> {@code p0} is never below 0.1, twice the twentieth that is slow by definition.
 * With p1 = 0.4 a slow result is worth 1.39 and another one -0.41: a tenfold slowdown of a region
 * with 1000 calls a second is found in 40 ms, a threefold one in 100 ms. After a verdict the same
 * upstreams are left alone for a quarter of a second, for the cost to take effect.
 *
 * <p>Cost: O(n + memberships) every 20 ms.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: Page and Lorden as for {@link io.fairlead.routing.evidence.Cusum}; counting what
 * exceeds a quantile instead of weighing latencies themselves is the sign test's idea: it needs no
 * model of the tail.
 */
final class Slowness {
  private static final double SLOW_BY_DEFINITION = 0.05;

  /** Three slow results in a row: nobody can be guilty while nobody has so much against him. */
  private static final double NOTABLE = Cusum.THRESHOLD / 6;

  private static final long LOOK_NANOS = 15_000_000L;
  private static final long SETTLE_NANOS = 250_000_000L;

  private final Fleet fleet;
  private final ClassGroup group;
  private final Verdicts words;
  private final Baseline baseline;
  private final Jury jury;
  private final List<@Nullable FadingRatio[]> windows;
  private final long[] settledAtNanos;
  private final boolean[] isSettling;
  private final List<SlowVerdict> verdicts = new ArrayList<>(0);
  private long lookedAtNanos;
  private boolean hasLooked;

  Slowness(Fleet fleet, ClassGroup group) {
    this.fleet = fleet;
    this.group = group;
    words = new Verdicts(fleet, group);
    baseline = new Baseline(fleet.topology);
    jury = new Jury(fleet.topology);
    int n = fleet.size();
    windows = Suspicion.windows(n);
    settledAtNanos = new long[n];
    isSettling = new boolean[n];
    fleet.states.forEach(u -> pace(u).setRateElsewhere(SLOW_BY_DEFINITION));
  }

  /** Weighs the upstreams' tallies. */
  void weigh(long nowNanos) {
    verdicts.clear();
    double highest = 0;
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      isSettling[i] &= nowNanos - settledAtNanos[i] < 0;
      if (u.isNews && isServing(i)) {
        pace(u).weigh(u.tally.pace(group), nowNanos);
      }
      highest = Math.max(highest, pace(u).score());
    }
    if (highest >= NOTABLE && (!hasLooked || nowNanos - lookedAtNanos >= LOOK_NANOS)) {
      hasLooked = true;
      lookedAtNanos = nowNanos;
      updateBaseline(nowNanos);
      convict(nowNanos);
    }
  }

  /** Who was found to have become slow by the last {@link #weigh}. */
  List<SlowVerdict> verdicts() {
    return verdicts;
  }

  private Suspicion pace(UpstreamState u) {
    return u.slowness[group.index()];
  }

  private boolean isServing(int i) {
    return !isSettling[i] && fleet.states.get(i).isEligible() && !fleet.isOut(i, group);
  }

  private void updateBaseline(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      pace(u).fade(nowNanos);
      for (int w = 0; w < Suspicion.WINDOWS; w++) {
        windows.get(w)[i] = u.isEligible() ? pace(u).window(w) : null;
      }
    }
    baseline.update(windows);
    for (int i = 0; i < fleet.size(); i++) {
      Suspicion pace = pace(fleet.states.get(i));
      if (pace.score() > 0) {
        pace.setRateElsewhere(Math.max(SLOW_BY_DEFINITION, baseline.rateElsewhere(i)));
      }
    }
  }

  private void convict(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      Suspicion s = pace(u);
      Standing standing = isServing(i) ? Standing.SERVING : Standing.ABSENT;
      jury.setEvidence(i, standing, u.testimony(s.evidence(), s));
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      jury.setStanding(d, DomainStanding.WHOLE);
    }
    for (Conviction conviction : jury.convict(nowNanos)) {
      int d = conviction.domain();
      verdicts.add(SlowVerdict.ofDomain(group, d, words.slowDomain(conviction, nowNanos)));
      for (int i : fleet.topology.members(d)) {
        settle(i, nowNanos);
      }
    }
    for (int i = 0; i < fleet.size(); i++) {
      if (isServing(i) && jury.isGuilty(i, false)) {
        String reason = words.slowUpstream(fleet.states.get(i), nowNanos);
        verdicts.add(SlowVerdict.ofUpstream(group, i, reason));
        settle(i, nowNanos);
      }
    }
  }

  private void settle(int i, long nowNanos) {
    isSettling[i] = true;
    settledAtNanos[i] = nowNanos + SETTLE_NANOS;
    pace(fleet.states.get(i)).reset(0);
  }
}
