package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.EvidenceLane;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Turns what the lanes counted into verdicts: who fails, who became slow, who asked to be left
 * alone.
 *
 * <p>Each group of classes has two tracks: {@link Trial} for failure, which ejects, and {@link
 * Slowness}, which only brings the cost up to date. Limits and refused accounts are no evidence of
 * ill health and are dealt with here.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Detection {
  private static final long TROUBLE_NANOS = 1_100_000_000L;

  private final Fleet fleet;
  private final RandomGenerator random;
  private final Announcer announcer;
  private final Verdicts words;
  private final List<Trial> trials;
  private final List<Slowness> slowness;
  private boolean changed;
  private long troubleUntilNanos;

  Detection(Fleet fleet, RandomGenerator random, Announcer announcer, long nowNanos) {
    troubleUntilNanos = nowNanos;
    this.fleet = fleet;
    this.random = random;
    this.announcer = announcer;
    words = new Verdicts(fleet, ClassGroup.QUICK);
    trials = ClassGroup.ALL.stream().map(g -> new Trial(fleet, g, random, announcer)).toList();
    slowness = ClassGroup.ALL.stream().map(g -> new Slowness(fleet, g)).toList();
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
    for (Trial trial : trials) {
      changed |= trial.weigh(isTrouble, isPanic, nowNanos);
    }
    for (Slowness track : slowness) {
      track.weigh(nowNanos);
    }
    for (UpstreamState u : fleet.states) {
      u.isNews = false;
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
        isBad |= u.tally.hasTrouble();
      }
    }
    return isBad;
  }

  /** Who became slow just now, or turns out to have been slow rather than silent. */
  List<SlowVerdict> slowed() {
    List<SlowVerdict> all = new ArrayList<>(0);
    slowness.forEach(track -> all.addAll(track.verdicts()));
    trials.forEach(trial -> all.addAll(trial.pardoned()));
    return all;
  }

  /**
   * Lets time pass for everyone on the way out or back.
   *
   * @return whether somebody's state changed
   */
  boolean advance(long nowNanos) {
    boolean moved = false;
    for (Trial trial : trials) {
      moved |= trial.advance(nowNanos);
    }
    return moved;
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
