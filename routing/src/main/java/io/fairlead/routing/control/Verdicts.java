package io.fairlead.routing.control;

import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.Jury.Conviction;
import java.util.Locale;

/** Puts evidence into sentences for events. */
final class Verdicts {
  private final Fleet fleet;

  Verdicts(Fleet fleet) {
    this.fleet = fleet;
  }

  String upstream(UpstreamState u, double threshold, long nowNanos) {
    return String.format(
        Locale.ROOT,
        "%s, score %.1f of %.0f, %.1f %% elsewhere",
        counted(u.seenBad, u.seenGood, u.seenOverdue, nowNanos - u.seenSinceNanos),
        u.cusum.score(),
        threshold,
        100 * elsewhere(u));
  }

  String domain(Conviction conviction, long nowNanos) {
    long bad = 0;
    long good = 0;
    long overdue = 0;
    long since = 0;
    int suspects = 0;
    double elsewhere = 0;
    int[] members = fleet.topology.members(conviction.domain());
    for (int i : members) {
      UpstreamState u = fleet.states.get(i);
      if (u.seenBad > 0 && u.cusum.score() > 0) {
        bad += u.seenBad;
        good += u.seenGood;
        overdue += u.seenOverdue;
        since = Math.max(since, nowNanos - u.seenSinceNanos);
        suspects++;
        elsewhere = Math.max(elsewhere, elsewhere(u));
      }
    }
    return String.format(
        Locale.ROOT,
        "%s at %d of %d members, score %.1f of %.0f, %.1f %% elsewhere",
        counted(bad, good, overdue, since),
        suspects,
        members.length,
        conviction.guilt(),
        conviction.threshold(),
        100 * elsewhere);
  }

  private static double elsewhere(UpstreamState u) {
    return u.p0 <= Cusum.p0(0) ? 0 : u.p0 / 2;
  }

  private static String counted(long bad, long good, long overdue, long nanos) {
    return String.format(
        Locale.ROOT,
        "%d of %d attempts failed (%d by silence) within %.0f ms",
        bad,
        bad + good,
        overdue,
        nanos / 1e6);
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
