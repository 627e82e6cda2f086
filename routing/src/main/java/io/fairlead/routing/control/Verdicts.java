package io.fairlead.routing.control;

import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.Jury.Conviction;
import io.fairlead.routing.evidence.Suspicion;
import java.util.Locale;

/** Puts evidence into sentences for events. */
final class Verdicts {
  private final Fleet fleet;
  private final ClassGroup group;

  Verdicts(Fleet fleet, ClassGroup group) {
    this.fleet = fleet;
    this.group = group;
  }

  /** Why an upstream is out. */
  String upstream(UpstreamState u, double threshold, long nowNanos) {
    Suspicion s = u.charge(group).suspicion;
    return String.format(
        Locale.ROOT,
        "%s, score %.1f of %.0f, %.1f %% elsewhere",
        new Counts(s).failures(group, nowNanos),
        s.score(),
        threshold,
        100 * s.rateElsewhere());
  }

  /** Why a domain is out. */
  String domain(Conviction conviction, long nowNanos) {
    Counts counts = new Counts();
    for (int i : fleet.topology.members(conviction.domain())) {
      counts.add(fleet.states.get(i).charge(group).suspicion);
    }
    return counts.failures(group, nowNanos) + together(conviction, counts);
  }

  /** Why an upstream counts as slow. */
  String slowUpstream(UpstreamState u, long nowNanos) {
    Suspicion s = u.slowness[group.index()];
    return String.format(
        Locale.ROOT,
        "%s, score %.1f of %.0f, %.1f %% elsewhere",
        new Counts(s).slow(group, nowNanos),
        s.score(),
        Cusum.THRESHOLD,
        100 * s.rateElsewhere());
  }

  /** Why a domain counts as slow. */
  String slowDomain(Conviction conviction, long nowNanos) {
    Counts counts = new Counts();
    for (int i : fleet.topology.members(conviction.domain())) {
      counts.add(fleet.states.get(i).slowness[group.index()]);
    }
    return counts.slow(group, nowNanos) + together(conviction, counts);
  }

  private String together(Conviction conviction, Counts counts) {
    return String.format(
        Locale.ROOT,
        " at %d of %d members, score %.1f of %.0f, %.1f %% elsewhere",
        counts.suspects,
        fleet.topology.members(conviction.domain()).length,
        conviction.guilt(),
        conviction.threshold(),
        100 * counts.elsewhere);
  }

  /** What the suspicions against some upstreams add up to. */
  private static final class Counts {
    private long bad;
    private long good;
    private long silent;
    private long sinceNanos;
    private int suspects;
    private double elsewhere;

    Counts() {}

    Counts(Suspicion only) {
      add(only);
    }

    void add(Suspicion s) {
      if (s.bad() > 0 && s.score() > 0) {
        sinceNanos = suspects == 0 ? s.sinceNanos() : Math.min(sinceNanos, s.sinceNanos());
        bad += s.bad();
        good += s.good();
        silent += s.silent();
        suspects++;
        elsewhere = Math.max(elsewhere, s.rateElsewhere());
      }
    }

    String failures(ClassGroup group, long nowNanos) {
      String kind = group == ClassGroup.QUICK ? "attempts" : "attempts of heavy calls";
      return String.format(
          Locale.ROOT,
          "%d of %d %s failed (%d by silence) within %.0f ms",
          bad,
          bad + good,
          kind,
          silent,
          millis(nowNanos));
    }

    String slow(ClassGroup group, long nowNanos) {
      String kind = group == ClassGroup.QUICK ? "results" : "results of heavy calls";
      return String.format(
          Locale.ROOT, "%d of %d %s slow within %.0f ms", bad, bad + good, kind, millis(nowNanos));
    }

    private double millis(long nowNanos) {
      return suspects == 0 ? 0 : (nowNanos - sinceNanos) / 1e6;
    }
  }

  /** What the slowness means for the cost. */
  static String markup(double factor) {
    return String.format(Locale.ROOT, "; it now counts as %.1f times as slow as before", factor);
  }

  String hold(Recovery recovery) {
    return String.format(
        Locale.ROOT,
        "; out for %.1f s%s",
        recovery.holdNanos() / 1e9,
        recovery.relapses() == 0 ? "" : ", relapse " + recovery.relapses());
  }

  String pardon(long credits) {
    return credits + " silent attempts were answered after all";
  }

  String canary(Recovery recovery) {
    return String.format(
        Locale.ROOT, "its %.1f s are over; 2 %% of its share first", recovery.holdNanos() / 1e9);
  }

  String whole() {
    return "it came through canary and ramp";
  }

  String account(UpstreamState u, long nowNanos) {
    return String.format(
        Locale.ROOT,
        "it refuses the credential or plan (%d attempts); held off for %.0f s; check key and plan",
        u.tally.accountRefused(),
        u.account.leftNanos(nowNanos) / 1e9);
  }

  String limit(UpstreamState u, long nowNanos) {
    return String.format(
        Locale.ROOT,
        "it is over a rate limit (%d attempts); held off for %.1f s%s",
        u.tally.holdOffs(),
        u.limit.leftNanos(nowNanos) / 1e9,
        u.tally.retryAfterNanos() >= 0 ? ", as it asked" : "");
  }

  String vendor(int held, long nanos) {
    return String.format(
        Locale.ROOT,
        "%d of its upstreams are over rate limits; all of it held off for %.1f s",
        held,
        nanos / 1e9);
  }
}
