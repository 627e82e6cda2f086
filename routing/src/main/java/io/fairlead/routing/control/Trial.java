package io.fairlead.routing.control;

import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.Baseline;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.FadingRatio;
import io.fairlead.routing.evidence.Jury;
import io.fairlead.routing.evidence.Jury.Conviction;
import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;
import io.fairlead.routing.evidence.Outcomes;
import io.fairlead.routing.evidence.Suspicion;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Convicts upstreams and domains whose attempts fail, in one group of classes, and ejects them.
 *
 * <p>At each tick: update the baseline of failure that is nobody's fault, move the CUSUM of each
 * upstream with news, let the jury convict domains, then convict upstreams that no convicted domain
 * explains. Baselines come before scores, so that trouble everywhere raises the bar in the very
 * tick in which it arrives.
 *
 * <p><b>While out</b> an upstream's late failures and late successes correct the score that it was
 * ejected for: if so many silent attempts succeed after all that less than half of the threshold is
 * left, it is pardoned and returns with a quarter of its share. That is how a pause of a node, or
 * of the gateway, ends in half a second rather than after the hold. What such a pause did to its
 * latency is then taken for its cost.
 *
 * <p><b>In panic</b> those who are out serve all the same; their score then starts at the
 * threshold, and one that works it off to 0 is back at once.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Trial {
  private static final long COMPARED_NANOS = 1_000_000_000L;
  private static final long JUST_OUT_NANOS = 10_000_000_000L;
  private static final long STALE_NANOS = 5_000_000_000L;
  private static final double PARDONED = 0.25;

  /** Nobody can be guilty, alone or together, while nobody has so much against him. */
  private static final double NOTABLE = Cusum.THRESHOLD / 6;

  private final Fleet fleet;
  private final ClassGroup group;
  private final RandomGenerator random;
  private final Announcer announcer;
  private final Verdicts words;
  private final Patience patience;
  private final Baseline baseline;
  private final Jury jury;
  private final List<@Nullable FadingRatio[]> windows;
  private boolean changed;
  private double highest;
  private final List<SlowVerdict> pardoned = new ArrayList<>();

  Trial(Fleet fleet, ClassGroup group, RandomGenerator random, Announcer announcer) {
    this.fleet = fleet;
    this.group = group;
    this.random = random;
    this.announcer = announcer;
    words = new Verdicts(fleet, group);
    patience = new Patience(group);
    baseline = new Baseline(fleet.topology);
    jury = new Jury(fleet.topology);
    int n = fleet.size();
    windows = Suspicion.windows(n);
  }

  /**
   * Weighs the upstreams' tallies.
   *
   * @param isTrouble whether anything failed lately; else nobody can be guilty
   * @param isPanic whether those who are out serve all the same
   * @return whether somebody's health changed
   */
  boolean weigh(boolean isTrouble, boolean isPanic, long nowNanos) {
    changed = false;
    pardoned.clear();
    if (isTrouble && (highest >= NOTABLE || hasBadNews())) {
      updateBaseline(nowNanos);
    }
    highest = 0;
    for (int i = 0; i < fleet.size(); i++) {
      weigh(i, isPanic, nowNanos);
      highest = Math.max(highest, suspicion(fleet.states.get(i)).score());
    }
    if (isTrouble && highest >= NOTABLE) {
      convict(nowNanos);
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      review(d, isPanic, nowNanos);
    }
    return changed;
  }

  /** Who was pardoned just now, since what was silent has been answered: they were slow. */
  List<SlowVerdict> pardoned() {
    return pardoned;
  }

  private boolean hasBadNews() {
    for (UpstreamState u : fleet.states) {
      if (u.isNews && u.tally.health(group).bad() > 0) {
        return true;
      }
    }
    return false;
  }

  private Suspicion suspicion(UpstreamState u) {
    return u.charge(group).suspicion;
  }

  /**
   * Those who are out count too, with what came after their ejection: it tells whether trouble is
   * everywhere, and as the best domain sets the bar, what still fails there cannot hide anything.
   */
  private void updateBaseline(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      suspicion(u).fade(nowNanos);
      for (int w = 0; w < Suspicion.WINDOWS; w++) {
        windows.get(w)[i] = u.isEligible() ? suspicion(u).window(w) : null;
      }
    }
    baseline.update(windows);
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      boolean isAccused = u.isNews && u.tally.health(group).bad() > 0;
      if (isAccused || suspicion(u).score() > 0) {
        suspicion(u).setRateElsewhere(baseline.rateElsewhere(i));
      }
    }
  }

  private void weigh(int i, boolean isPanic, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    if (!u.isNews) {
      forgetStale(i, nowNanos);
      return;
    }
    Outcomes outcomes = u.tally.health(group);
    if (!fleet.isOut(i, group)) {
      long silence = outcomes.overdue() > 0 ? Timers.FLOOR_NANOS : 0;
      suspicion(u).weigh(outcomes, nowNanos - silence);
      patience.hear(u, nowNanos);
    } else if (isPanic) {
      suspicion(u).weighConvicted(outcomes);
      if (u.charge(group).recovery.isOut() && suspicion(u).score() == 0) {
        readmit(u, 1, "it serves well in the panic", nowNanos);
      }
    } else {
      reconsider(u, outcomes, nowNanos);
    }
  }

  /** Silence of a while ago says nothing any more of one that hardly gets calls since. */
  private void forgetStale(int i, long nowNanos) {
    Suspicion s = suspicion(fleet.states.get(i));
    if (s.bad() > 0 && s.isSilenceAlone() && nowNanos - s.lastBadNanos() >= STALE_NANOS) {
      s.reset(0);
    }
  }

  private void reconsider(UpstreamState u, Outcomes outcomes, long nowNanos) {
    Charge charge = u.charge(group);
    double correction = outcomes.net() * Cusum.failureWorth(charge.suspicion.p0());
    double score = charge.ejectionScore + correction;
    charge.ejectionScore = Math.min(1.5 * Cusum.THRESHOLD, Math.max(0, score));
    charge.creditsWhileOut += outcomes.credits();
    if (charge.recovery.isOut() && outcomes.credits() > 0 && isPardonable(charge.ejectionScore)) {
      String reason = words.pardon(charge.creditsWhileOut);
      pardoned.add(SlowVerdict.ofUpstream(group, fleet.topology.indexOf(u.upstream), reason));
      readmit(u, PARDONED, reason, nowNanos);
    }
  }

  private static boolean isPardonable(double scoreLeft) {
    return scoreLeft < Cusum.THRESHOLD / 2;
  }

  private void convict(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      putBeforeJury(i, nowNanos);
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      jury.setStanding(d, standing(fleet.domains.get(d).recovery(group), nowNanos));
    }
    for (Conviction conviction : jury.convict(nowNanos)) {
      ejectDomain(conviction, nowNanos);
    }
    for (int i = 0; i < fleet.size(); i++) {
      boolean isReturning = fleet.isReturning(i, group);
      UpstreamState u = fleet.states.get(i);
      if (isServing(i) && jury.isGuilty(i, isReturning) && !patience.isPerhapsBusy(u, nowNanos)) {
        ejectAlone(u, isReturning, nowNanos);
      }
    }
  }

  private void putBeforeJury(int i, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    Charge charge = u.charge(group);
    boolean isOut = fleet.isOut(i, group);
    boolean isJustOut = isOut && nowNanos - charge.ejectedAtNanos < JUST_OUT_NANOS;
    Standing out = isJustOut ? Standing.JUST_OUT : Standing.ABSENT;
    Standing standing = !u.isEligible() ? Standing.ABSENT : isOut ? out : Standing.SERVING;
    double score = isOut ? charge.ejectionScore : evidence(u, nowNanos);
    jury.setEvidence(i, standing, u.testimony(score, charge.suspicion));
  }

  private double evidence(UpstreamState u, long nowNanos) {
    return patience.isQueueing(u, nowNanos) ? 0 : suspicion(u).evidence();
  }

  private boolean isServing(int i) {
    return fleet.states.get(i).isEligible() && !fleet.isOut(i, group);
  }

  private static DomainStanding standing(Recovery recovery, long nowNanos) {
    boolean isJustOut = nowNanos - recovery.sinceNanos() < COMPARED_NANOS;
    return switch (recovery.state()) {
      case WHOLE -> DomainStanding.WHOLE;
      case OUT -> isJustOut ? DomainStanding.JUST_OUT : DomainStanding.OUT;
      case RETURNING -> DomainStanding.RETURNING;
    };
  }

  private void ejectAlone(UpstreamState u, boolean isReturning, long nowNanos) {
    double threshold = Cusum.THRESHOLD * (isReturning ? Jury.RELAPSE : 1);
    String reason = words.upstream(u, threshold, nowNanos);
    Recovery recovery = u.charge(group).recovery;
    eject(u, nowNanos);
    recovery.eject(nowNanos, random);
    announcer.upstream(Kind.EJECTED, u.upstream, reason + words.hold(recovery));
  }

  private void ejectDomain(Conviction conviction, long nowNanos) {
    int d = conviction.domain();
    DomainState domain = fleet.domains.get(d);
    Recovery recovery = domain.recovery(group);
    String reason = words.domain(conviction, nowNanos);
    for (int i : fleet.topology.members(d)) {
      if (!fleet.isOut(i, group)) {
        eject(fleet.states.get(i), nowNanos);
      }
    }
    recovery.eject(nowNanos, random);
    announcer.domain(
        Kind.DOMAIN_EJECTED, domain.domain, fleet.members(d), reason + words.hold(recovery));
  }

  private void eject(UpstreamState u, long nowNanos) {
    changed = true;
    Charge charge = u.charge(group);
    charge.ejectionScore = charge.suspicion.score();
    charge.ejectedAtNanos = nowNanos;
    charge.creditsWhileOut = 0;
    acquit(u);
    charge.suspicion.reset(Cusum.THRESHOLD);
  }

  /**
   * Forgets what speaks against it; who is out or back for everything is so for heavy calls too.
   */
  private void acquit(UpstreamState u) {
    if (group == ClassGroup.QUICK) {
      u.onEligible();
    } else {
      suspicion(u).clear();
    }
  }

  private void readmit(UpstreamState u, double readiness, String reason, long nowNanos) {
    changed = true;
    u.charge(group).recovery.beginReturn(nowNanos, readiness);
    acquit(u);
    announcer.upstream(readiness < 1 ? Kind.CANARY : Kind.READMITTED, u.upstream, reason);
  }

  /** Whether a domain that is out should be let back before its time. */
  private void review(int d, boolean isPanic, long nowNanos) {
    if (!fleet.domains.get(d).recovery(group).isOut()) {
      return;
    }
    long credits = 0;
    double left = 0;
    boolean servesWell = false;
    int[] members = fleet.topology.members(d);
    double say = Cusum.THRESHOLD / Math.max(2, (members.length + 1) / 2);
    for (int i : members) {
      UpstreamState u = fleet.states.get(i);
      credits += u.tally.health(group).credits();
      left += Math.min(say, u.charge(group).ejectionScore);
      servesWell |= u.isEligible() && suspicion(u).score() == 0;
    }
    if (isPanic && servesWell) {
      readmitDomain(d, 1, "it serves well in the panic", nowNanos);
    } else if (credits > 0 && isPardonable(left)) {
      pardoned.add(SlowVerdict.ofDomain(group, d, words.pardon(credits)));
      readmitDomain(d, PARDONED, words.pardon(credits), nowNanos);
    }
  }

  private void readmitDomain(int d, double readiness, String reason, long nowNanos) {
    changed = true;
    DomainState domain = fleet.domains.get(d);
    domain.recovery(group).beginReturn(nowNanos, readiness);
    acquitMembers(d);
    Kind kind = readiness < 1 ? Kind.CANARY : Kind.READMITTED;
    announcer.domain(kind, domain.domain, fleet.members(d), reason);
  }

  private void acquitMembers(int d) {
    for (int i : fleet.topology.members(d)) {
      if (!fleet.isOut(i, group)) {
        acquit(fleet.states.get(i));
      }
    }
  }

  /**
   * Lets time pass for everyone on the way out or back.
   *
   * @return whether somebody's state changed
   */
  boolean advance(long nowNanos) {
    boolean moved = false;
    for (UpstreamState u : fleet.states) {
      if (u.charge(group).recovery.advance(nowNanos)) {
        moved = true;
        onMoved(u);
      }
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      if (fleet.domains.get(d).recovery(group).advance(nowNanos)) {
        moved = true;
        onMoved(d);
      }
    }
    return moved;
  }

  private void onMoved(UpstreamState u) {
    Recovery recovery = u.charge(group).recovery;
    if (recovery.state() == Recovery.State.RETURNING) {
      acquit(u);
      announcer.upstream(Kind.CANARY, u.upstream, words.canary(recovery));
    } else {
      announcer.upstream(Kind.READMITTED, u.upstream, words.whole());
    }
  }

  private void onMoved(int d) {
    DomainState domain = fleet.domains.get(d);
    Recovery recovery = domain.recovery(group);
    if (recovery.state() == Recovery.State.RETURNING) {
      acquitMembers(d);
      announcer.domain(Kind.CANARY, domain.domain, fleet.members(d), words.canary(recovery));
    } else {
      announcer.domain(Kind.READMITTED, domain.domain, fleet.members(d), words.whole());
    }
  }
}
