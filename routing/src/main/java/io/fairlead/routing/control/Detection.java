package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.Baseline;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.evidence.FadingRatio;
import io.fairlead.routing.evidence.Jury;
import io.fairlead.routing.evidence.Jury.Conviction;
import io.fairlead.routing.evidence.Jury.DomainStanding;
import io.fairlead.routing.evidence.Jury.Standing;
import io.fairlead.routing.evidence.Tally;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the lanes counted into convictions.
 *
 * <p>At each tick: drain, update the baseline of failure that is nobody's fault, move the CUSUM of
 * each upstream with news, let the jury convict domains, then convict upstreams that no convicted
 * domain explains. Baselines come before scores, so that trouble everywhere raises the bar in the
 * very tick in which it arrives.
 *
 * <p><b>While out</b> an upstream's late failures and late successes correct the score that it was
 * ejected for: if so many silent attempts succeed after all that less than half of the threshold is
 * left, it is pardoned and returns with a quarter of its share. That is how a pause of a node, or
 * of the gateway, ends in half a second rather than after the hold.
 *
 * <p><b>In panic</b> those who are out serve all the same; their score then starts at the
 * threshold, and one that works it off to 0 is back at once.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Detection {
  private static final long TROUBLE_NANOS = 250_000_000L;
  private static final long COMPARED_NANOS = 1_000_000_000L;
  private static final long JUST_OUT_NANOS = 10_000_000_000L;
  private static final double PARDONED = 0.25;

  private final Fleet fleet;
  private final RandomGenerator random;
  private final Announcer announcer;
  private final Verdicts words;
  private final Baseline baseline;
  private final Jury jury;
  private final @Nullable FadingRatio[] slow;
  private final @Nullable FadingRatio[] fast;
  private final @Nullable FadingRatio[] flash;
  private boolean changed;
  private long troubleUntilNanos;

  Detection(Fleet fleet, RandomGenerator random, Announcer announcer, long nowNanos) {
    troubleUntilNanos = nowNanos;
    this.fleet = fleet;
    this.random = random;
    this.announcer = announcer;
    words = new Verdicts(fleet);
    baseline = new Baseline(fleet.topology);
    jury = new Jury(fleet.topology);
    slow = new @Nullable FadingRatio[fleet.size()];
    fast = new @Nullable FadingRatio[fleet.size()];
    flash = new @Nullable FadingRatio[fleet.size()];
  }

  /**
   * Weighs everything since the last tick.
   *
   * @param isPanic whether those who are out serve all the same
   * @return whether somebody's health or hold-off changed
   */
  boolean weigh(List<EvidenceLane> lanes, boolean isPanic, long nowNanos) {
    changed = false;
    if (drain(lanes, nowNanos)) {
      troubleUntilNanos = nowNanos + TROUBLE_NANOS;
    }
    boolean isTrouble = nowNanos - troubleUntilNanos < 0;
    if (isTrouble) {
      updateBaseline(nowNanos);
      for (int i = 0; i < fleet.size(); i++) {
        fleet.states.get(i).p0 = Cusum.p0(baseline.rateElsewhere(i));
      }
    }
    for (int i = 0; i < fleet.size(); i++) {
      weigh(i, isPanic, nowNanos);
    }
    if (isTrouble) {
      convict(nowNanos);
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      review(d, isPanic, nowNanos);
    }
    for (UpstreamState u : fleet.states) {
      u.tally.clear();
    }
    return changed;
  }

  private boolean drain(List<EvidenceLane> lanes, long nowNanos) {
    boolean isBad = false;
    for (EvidenceLane lane : lanes) {
      lane.beginDrain();
      for (UpstreamState u : fleet.states) {
        u.isNews |= lane.drain(u.upstream, u.tally);
      }
    }
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      if (u.isNews) {
        u.count(nowNanos);
        onLimits(i, nowNanos);
        isBad |= u.tally.bad() > 0;
      }
    }
    return isBad;
  }

  /**
   * Those who are out count too, with what came after their ejection: it tells whether trouble is
   * everywhere, and as the best domain sets the bar, what still fails there cannot hide anything.
   */
  private void updateBaseline(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      boolean counts = u.isEligible();
      u.slow.fade(nowNanos);
      u.fast.fade(nowNanos);
      u.flash.fade(nowNanos);
      slow[i] = counts ? u.slow : null;
      fast[i] = counts ? u.fast : null;
      flash[i] = counts ? u.flash : null;
    }
    baseline.update(List.of(slow, fast, flash));
  }

  private void weigh(int i, boolean isPanic, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    if (!u.isNews) {
      return;
    }
    u.isNews = false;
    Tally t = u.tally;
    if (!fleet.isOut(i)) {
      u.cusum.add(t.good(), t.bad(), t.credits(), u.p0);
      u.remember(t, nowNanos);
    } else if (isPanic) {
      u.cusum.add(t.good(), t.bad(), t.credits(), u.p0);
      u.cusum.reset(Math.min(u.cusum.score(), Cusum.THRESHOLD));
      if (u.recovery.isOut() && u.cusum.score() == 0) {
        readmit(u, 1, "it serves well in the panic", nowNanos);
      }
    } else {
      reconsider(u, nowNanos);
    }
  }

  private void reconsider(UpstreamState u, long nowNanos) {
    double correction = (u.tally.bad() - u.tally.credits()) * Cusum.failureWorth(u.p0);
    u.ejectionScore = Math.min(1.5 * Cusum.THRESHOLD, Math.max(0, u.ejectionScore + correction));
    u.creditsWhileOut += u.tally.credits();
    if (u.recovery.isOut() && u.tally.credits() > 0 && u.ejectionScore < Cusum.THRESHOLD / 2) {
      readmit(u, PARDONED, words.pardon(u.creditsWhileOut), nowNanos);
    }
  }

  private void convict(long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      boolean isOut = fleet.isOut(i);
      boolean isJustOut = isOut && nowNanos - u.ejectedAtNanos < JUST_OUT_NANOS;
      Standing out = isJustOut ? Standing.JUST_OUT : Standing.ABSENT;
      Standing standing = !u.isEligible() ? Standing.ABSENT : isOut ? out : Standing.SERVING;
      jury.setEvidence(
          i,
          isOut ? u.ejectionScore : u.evidence(),
          standing,
          u.fast.total(),
          nowNanos - u.seenSinceNanos);
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      jury.setStanding(d, standing(fleet.domains.get(d).recovery, nowNanos));
    }
    for (Conviction conviction : jury.convict()) {
      ejectDomain(conviction, nowNanos);
    }
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      boolean isReturning = fleet.isReturning(i);
      if (u.isEligible() && !fleet.isOut(i) && jury.isGuilty(i, isReturning)) {
        double threshold = Cusum.THRESHOLD * (isReturning ? Jury.RELAPSE : 1);
        String reason = words.upstream(u, threshold, nowNanos);
        eject(u, nowNanos);
        u.recovery.eject(nowNanos, random);
        announcer.upstream(Kind.EJECTED, u.upstream, reason + words.hold(u.recovery));
      }
    }
  }

  private static DomainStanding standing(Recovery recovery, long nowNanos) {
    boolean isJustOut = nowNanos - recovery.sinceNanos() < COMPARED_NANOS;
    return switch (recovery.state()) {
      case WHOLE -> DomainStanding.WHOLE;
      case OUT -> isJustOut ? DomainStanding.JUST_OUT : DomainStanding.OUT;
      case RETURNING -> DomainStanding.RETURNING;
    };
  }

  private void ejectDomain(Conviction conviction, long nowNanos) {
    int d = conviction.domain();
    DomainState domain = fleet.domains.get(d);
    String reason = words.domain(conviction, nowNanos);
    for (int i : fleet.topology.members(d)) {
      if (!fleet.isOut(i)) {
        eject(fleet.states.get(i), nowNanos);
      }
    }
    domain.recovery.eject(nowNanos, random);
    announcer.domain(
        Kind.DOMAIN_EJECTED, domain.domain, fleet.members(d), reason + words.hold(domain.recovery));
  }

  private void eject(UpstreamState u, long nowNanos) {
    changed = true;
    u.ejectionScore = u.cusum.score();
    u.ejectedAtNanos = nowNanos;
    u.creditsWhileOut = 0;
    u.cusum.reset(Cusum.THRESHOLD);
    u.clearEvidence();
  }

  private void readmit(UpstreamState u, double readiness, String reason, long nowNanos) {
    changed = true;
    u.recovery.beginReturn(nowNanos, readiness);
    u.cusum.reset(0);
    u.clearEvidence();
    announcer.upstream(readiness < 1 ? Kind.CANARY : Kind.READMITTED, u.upstream, reason);
  }

  /** Whether a domain that is out should be let back before its time. */
  private void review(int d, boolean isPanic, long nowNanos) {
    DomainState domain = fleet.domains.get(d);
    if (!domain.recovery.isOut()) {
      return;
    }
    long credits = 0;
    double left = 0;
    boolean servesWell = false;
    int[] members = fleet.topology.members(d);
    double say = Cusum.THRESHOLD / Math.max(2, (members.length + 1) / 2);
    for (int i : members) {
      UpstreamState u = fleet.states.get(i);
      credits += u.tally.credits();
      left += Math.min(say, u.ejectionScore);
      servesWell |= u.isEligible() && u.cusum.score() == 0;
    }
    if (isPanic && servesWell) {
      readmitDomain(d, 1, "it serves well in the panic", nowNanos);
    } else if (credits > 0 && left < Cusum.THRESHOLD / 2) {
      readmitDomain(d, PARDONED, words.pardon(credits), nowNanos);
    }
  }

  private void readmitDomain(int d, double readiness, String reason, long nowNanos) {
    changed = true;
    DomainState domain = fleet.domains.get(d);
    domain.recovery.beginReturn(nowNanos, readiness);
    onReturn(d);
    Kind kind = readiness < 1 ? Kind.CANARY : Kind.READMITTED;
    announcer.domain(kind, domain.domain, fleet.members(d), reason);
  }

  private void onReturn(int d) {
    for (int i : fleet.topology.members(d)) {
      if (!fleet.isOut(i)) {
        fleet.states.get(i).cusum.reset(0);
        fleet.states.get(i).clearEvidence();
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
      if (u.recovery.advance(nowNanos)) {
        moved = true;
        onMoved(u);
      }
    }
    for (int d = 0; d < fleet.domains.size(); d++) {
      if (fleet.domains.get(d).recovery.advance(nowNanos)) {
        moved = true;
        onMoved(d);
      }
    }
    return moved;
  }

  private void onMoved(UpstreamState u) {
    if (u.recovery.state() == Recovery.State.RETURNING) {
      u.cusum.reset(0);
      u.clearEvidence();
      announcer.upstream(Kind.CANARY, u.upstream, words.canary(u.recovery));
    } else {
      announcer.upstream(Kind.READMITTED, u.upstream, words.whole());
    }
  }

  private void onMoved(int d) {
    DomainState domain = fleet.domains.get(d);
    if (domain.recovery.state() == Recovery.State.RETURNING) {
      onReturn(d);
      announcer.domain(Kind.CANARY, domain.domain, fleet.members(d), words.canary(domain.recovery));
    } else {
      announcer.domain(Kind.READMITTED, domain.domain, fleet.members(d), words.whole());
    }
  }

  private void onLimits(int i, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    if (u.tally.accountRefused() > 0 && u.account.begin(nowNanos, -1, random)) {
      changed = true;
      announcer.upstream(Kind.ACCOUNT_REFUSED, u.upstream, words.account(u, nowNanos));
    }
    if (u.tally.holdOffs() > 0 && u.onLimited(random, nowNanos)) {
      changed = true;
      announcer.upstream(Kind.HELD_OFF, u.upstream, words.limit(u, nowNanos));
      holdVendor(i, nowNanos);
    }
  }

  /** Two credentials of one vendor that are held off together hold the vendor off. */
  private void holdVendor(int i, long nowNanos) {
    for (int d : fleet.topology.domainsOf(i)) {
      DomainState domain = fleet.domains.get(d);
      int held = 0;
      long longest = 0;
      for (int m : fleet.topology.members(d)) {
        long left = fleet.states.get(m).limit.leftNanos(nowNanos);
        held += left > 0 ? 1 : 0;
        longest = Math.max(longest, left);
      }
      boolean hasOthers = held < fleet.topology.members(d).length;
      if (domain.domain.kind().equals(FailureDomain.VENDOR)
          && held >= 2
          && hasOthers
          && !domain.limit.isHolding(nowNanos)) {
        domain.limit.hold(nowNanos, longest);
        announcer.domain(
            Kind.HELD_OFF, domain.domain, fleet.members(d), words.vendor(held, longest));
      }
    }
  }
}
