package io.fairlead.routing.control;

import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.Suspicion;

/**
 * Whose silence is, or may be, a queue: that is no ill health, and to eject for it would send the
 * queue to others and make the same of them.
 *
 * <p><b>Queueing</b> is certain in two cases, for which nobody speaks before the jury. Answers go
 * on coming, late (see {@link Suspicion#isQueueing}); or the upstream has been given more than it
 * takes, by its limit or by its room for heavy calls, which happens only when everybody is hot. The
 * second holds for three seconds at most; a black hole does not get there while others have room,
 * since calls leave the hot.
 *
 * <p><b>Perhaps busy</b> is one upstream alone that is silent: a few heavy calls can fill a node,
 * and light ones wait behind them without its being ill. It is given half a second without any
 * answer, three seconds if some come or it is new. Little is lost meanwhile, since an upstream that
 * does not answer is hot before it is suspect. Domains are not given that time.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Patience {
  private static final long BUSY_NANOS = 3_000_000_000L;
  private static final long MUTE_NANOS = 500_000_000L;
  private static final long NEW_NANOS = 5_000_000_000L;
  private static final double JITTER = 1.3;

  private final ClassGroup group;
  private final ClassGroup other;

  Patience(ClassGroup group) {
    this.group = group;
    other = group == ClassGroup.QUICK ? ClassGroup.HEAVY : ClassGroup.QUICK;
  }

  private Suspicion suspicion(UpstreamState u) {
    return u.charge(group).suspicion;
  }

  /**
   * Takes the answers that it cannot have sent before it was suspect, by its round trip: at first
   * those that came until now, then those that are news.
   */
  void hear(UpstreamState u, long nowNanos) {
    Suspicion s = suspicion(u);
    long fromNanos = s.sinceNanos() + (long) (JITTER * u.rttNanos());
    if (s.bad() == 0 || nowNanos - fromNanos < 0) {
      return;
    }
    if (s.isHeard()) {
      long own = u.tally.health(group).good();
      s.hear(own, u.tally.pace(group).good(), u.tally.good() - own, nowNanos);
    } else {
      long prompt = u.slowness[group.index()].goodSince(fromNanos);
      long others = u.charge(other).suspicion.goodSince(fromNanos);
      s.hear(s.goodSince(fromNanos), prompt, others, nowNanos);
    }
  }

  boolean isQueueing(UpstreamState u, long nowNanos) {
    return suspicion(u).isQueueing(nowNanos) || isCrowded(u, nowNanos);
  }

  private boolean isCrowded(UpstreamState u, long nowNanos) {
    Suspicion s = suspicion(u);
    boolean isTooMuch =
        u.upstream.inFlight() > u.room.assumed() || u.upstream.heavyInFlight() > u.room.mostHeavy();
    return isTooMuch && isSilent(s) && nowNanos - s.sinceNanos() < BUSY_NANOS;
  }

  boolean isPerhapsBusy(UpstreamState u, long nowNanos) {
    Suspicion s = suspicion(u);
    boolean mayQueue = s.good() > 0 || u.isNewerThan(NEW_NANOS, nowNanos);
    long longest = mayQueue ? BUSY_NANOS : MUTE_NANOS;
    boolean isOver = nowNanos - s.lastBadNanos() >= MUTE_NANOS;
    return s.isSilenceAlone() && (isOver || nowNanos - s.sinceNanos() < longest);
  }

  private static boolean isSilent(Suspicion s) {
    return s.bad() > 0 && s.isSilenceAlone();
  }
}
