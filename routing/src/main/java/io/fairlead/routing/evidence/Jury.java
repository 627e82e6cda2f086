package io.fairlead.routing.evidence;

import io.fairlead.routing.table.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Convicts failure domains on the evidence against their members together.
 *
 * <p><b>Idea.</b> A domain of n members trips at
 *
 * <pre>  sum over members of min(S_u, h/k) >= h,   k = max(2, ceil(n/2))</pre>
 *
 * where S_u is the CUSUM score of a member. Each member's say is bounded by h/k, so that at least k
 * members must be suspect: one dead member, however dead, never convicts its domain. Yet many
 * members each a little guilty convict it before any one is convicted alone: with five members at
 * 100 calls a second, after six failures wherever they fall, some 63 ms.
 *
 * <p><b>Which domain.</b> Domains overlap (a region within a cloud, a vendor across both), and
 * several may trip at once. The smallest is blamed that explains at least four fifths of what the
 * best explanation explains. A domain that trips although most of its evidence lies within a
 * smaller one that is half way to tripping waits: the smaller one will trip, or more members fall
 * and it no longer holds most of the evidence.
 *
 * <p>The other way round, a small domain that trips waits while a larger one that overlaps it holds
 * a quarter more evidence and is half way: a cloud's failure often falls upon one of its regions
 * first. It waits no longer than 80 ms and until its own guilt is half as much again as it takes.
 *
 * <p>Where nearly all traffic goes to one region of a cloud, that region falls alone, a moment
 * before the next one shows that the cloud is ill. So when a domain trips that is the last part of
 * a larger one, the rest of which went out within the last second, the larger one is blamed.
 *
 * <p><b>Relief.</b> What others suffer alike is taken off; see {@link Relief}.
 *
 * <p><b>A hearing</b> takes 30 ms at the least, counted from when the first attempt to fail was
 * sent. At a thousand calls a second six failures take ten milliseconds, and nothing that was sent
 * elsewhere at the same time has come back by then to be compared with. And in the first second
 * somebody else must be demonstrably well; see {@link Alibi}.
 *
 * <p><b>What grew slowly</b> must show in all of a domain's calls; see {@link LongSuspicion}.
 *
 * <p><b>Those already out.</b> A member ejected within the last ten seconds still speaks, with the
 * score it was ejected for, but all of them together for no more than h/2: half of a wider
 * conviction must come from members that were not out yet, or a region's failure would be counted
 * again as the cloud's.
 *
 * <p><b>Deviations.</b> Relief, hearing and alibi. A domain of which every upstream of the chain is
 * a member is never convicted: there is nowhere to go. A domain on its way back trips at h/3 (its
 * members' say shrinks alike).
 *
 * <p>Cost: O(memberships) for each tick with news; O(domains x memberships) when a domain trips.
 *
 * <p>Thread-safety: none; control loop only.
 */
public final class Jury {
  /** What part of the threshold convicts again on the way back. */
  public static final double RELAPSE = 1.0 / 3;

  private static final double EXPLAINS = 0.8;
  private static final double PATIENCE = 1.5;
  private static final long PATIENCE_NANOS = 80_000_000L;
  private static final long HEARING_NANOS = 30_000_000L;

  private final Topology topology;
  private final Docket docket;
  private final Relief relief;
  private final Alibi alibi;
  private final LongSuspicion longSuspicion;

  /** Where an upstream stands before the jury. */
  public enum Standing {
    /** It serves; its score counts. */
    SERVING,
    /** It was ejected just now; its score counts a little. */
    JUST_OUT,
    /** It takes no part. */
    ABSENT
  }

  /**
   * A domain that is to blame.
   *
   * @param domain the domain's number
   * @param guilt the capped sum of its members' scores
   * @param threshold what it took
   */
  public record Conviction(int domain, double guilt, double threshold) {}

  /** Where a domain stands before the jury. */
  public enum DomainStanding {
    /** Nothing against it so far. */
    WHOLE,
    /** On its way back. */
    RETURNING,
    /** Convicted a moment ago: others are compared with it still. */
    JUST_OUT,
    /** Out already. */
    OUT
  }

  /**
   * A jury for the domains of a topology.
   *
   * @param topology the domains
   */
  public Jury(Topology topology) {
    this.topology = topology;
    docket = new Docket(topology);
    relief = new Relief(docket);
    alibi = new Alibi(docket);
    longSuspicion = new LongSuspicion(docket);
  }

  /**
   * Takes the evidence against an upstream.
   *
   * @param index the upstream's number
   * @param standing whether and how it counts
   * @param evidence what is known of it
   */
  public void setEvidence(int index, Standing standing, Testimony evidence) {
    docket.set(index, standing, evidence);
  }

  /**
   * Takes where a domain stands.
   *
   * @param domain the domain's number
   * @param standing whether it can be convicted, and how easily
   */
  public void setStanding(int domain, DomainStanding standing) {
    docket.domainStanding[domain] = standing;
  }

  /**
   * Convicts.
   *
   * @param nowNanos the time
   * @return the domains to blame, the strongest explanation first
   */
  public List<Conviction> convict(long nowNanos) {
    docket.nowNanos = nowNanos;
    List<Conviction> convicted = new ArrayList<>(0);
    for (int next = blame(); next >= 0; next = blame()) {
      next = whole(next);
      convicted.add(new Conviction(next, guilt(next), threshold(next)));
      docket.domainStanding[next] = DomainStanding.JUST_OUT;
      for (int i : topology.members(next)) {
        docket.standing[i] = Standing.JUST_OUT;
      }
    }
    return convicted;
  }

  /**
   * Whether an upstream is guilty by itself, at the time of the last {@link #convict}.
   *
   * @param index the upstream's number
   * @param isReturning whether it is on its way back
   * @return whether to convict it
   */
  public boolean isGuilty(int index, boolean isReturning) {
    double threshold = Cusum.THRESHOLD * (isReturning ? RELAPSE : 1);
    int[] self = {index};
    return docket.score[index] >= threshold
        && (isReturning || (hasBeenHeard(self) && !isDomainOnTrial(index)))
        && docket.score[index] >= threshold + relief.of(self);
  }

  /**
   * Whether a domain of it is guilty but for want of an alibi: what is true of all is not its own.
   */
  private boolean isDomainOnTrial(int index) {
    for (int d : topology.domainsOf(index)) {
      if (docket.domainStanding[d] == DomainStanding.WHOLE
          && guilt(d) >= threshold(d)
          && !isEverybody(d)
          && !alibi.allows(topology.members(d))) {
        return true;
      }
    }
    return false;
  }

  private int blame() {
    List<Integer> tripped = new ArrayList<>(0);
    double most = 0;
    for (int d = 0; d < docket.domainStanding.length; d++) {
      if (isTriable(d) && isGuilty(d) && !isEverybody(d)) {
        tripped.add(d);
        most = Math.max(most, evidence(d));
      }
    }
    if (tripped.isEmpty()) {
      return -1;
    }
    tripped.sort(Comparator.comparingInt(d -> topology.members(d).length));
    for (int d : tripped) {
      if (evidence(d) >= EXPLAINS * most && !isExplainedWithin(d) && !isPartOfMore(d)) {
        return d;
      }
    }
    return -1;
  }

  /**
   * The larger domain of which this one is the last part that was not out yet, if there is one:
   * when both regions of a cloud fail, the cloud does.
   */
  private int whole(int domain) {
    int whole = domain;
    for (int d = 0; d < docket.domainStanding.length; d++) {
      boolean isLarger = topology.members(d).length > topology.members(whole).length;
      if (isLarger && isTriable(d) && !isEverybody(d) && isLastPart(domain, d)) {
        whole = d;
      }
    }
    return whole;
  }

  private boolean isLastPart(int part, int domain) {
    int inPart = 0;
    for (int i : topology.members(domain)) {
      boolean isInPart = topology.isMember(i, part);
      inPart += isInPart ? 1 : 0;
      if (!isInPart && docket.standing[i] == Standing.SERVING) {
        return false;
      }
    }
    boolean isBesides = inPart < topology.members(domain).length;
    return isBesides && inPart == topology.members(part).length && isOutWithin(domain);
  }

  /** Whether another domain within it was convicted a moment ago. */
  private boolean isOutWithin(int domain) {
    for (int d = 0; d < docket.domainStanding.length; d++) {
      int first = topology.members(d)[0];
      if (docket.domainStanding[d] == DomainStanding.JUST_OUT
          && topology.members(d).length < topology.members(domain).length
          && topology.isMember(first, domain)) {
        return true;
      }
    }
    return false;
  }

  private boolean isTriable(int domain) {
    return docket.domainStanding[domain] == DomainStanding.WHOLE
        || docket.domainStanding[domain] == DomainStanding.RETURNING;
  }

  private boolean isGuilty(int domain) {
    boolean isReturning = docket.domainStanding[domain] == DomainStanding.RETURNING;
    int[] members = topology.members(domain);
    double guilt = guilt(domain);
    return guilt >= threshold(domain)
        && (isReturning || (hasBeenHeard(members) && longSuspicion.allows(members)))
        && guilt >= threshold(domain) + relief.of(members);
  }

  private boolean hasBeenHeard(int[] some) {
    return docket.suspectFor(some) >= HEARING_NANOS && alibi.allows(some);
  }

  private double threshold(int domain) {
    boolean isReturning = docket.domainStanding[domain] == DomainStanding.RETURNING;
    return Cusum.THRESHOLD * (isReturning ? RELAPSE : 1);
  }

  private double guilt(int domain) {
    double h = threshold(domain);
    double say = Docket.say(h, docket.taking(domain));
    double before = docket.sum(domain, Standing.JUST_OUT, say);
    return docket.sum(domain, Standing.SERVING, say) + Math.min(h / 2, before);
  }

  private boolean isEverybody(int domain) {
    for (int i = 0; i < docket.standing.length; i++) {
      if (docket.standing[i] == Standing.SERVING && !topology.isMember(i, domain)) {
        return false;
      }
    }
    return true;
  }

  private double evidence(int domain) {
    return docket.sum(domain, Standing.SERVING, Cusum.THRESHOLD);
  }

  private boolean isExplainedWithin(int domain) {
    double all = evidence(domain);
    for (int d = 0; d < docket.domainStanding.length; d++) {
      if (d != domain
          && isTriable(d)
          && topology.members(d).length < topology.members(domain).length
          && common(d, domain) >= EXPLAINS * all
          && guilt(d) >= threshold(d) / 2) {
        return true;
      }
    }
    return false;
  }

  private boolean isPartOfMore(int domain) {
    boolean hasWaited = docket.suspectFor(topology.members(domain)) >= PATIENCE_NANOS;
    if (hasWaited && guilt(domain) >= PATIENCE * threshold(domain)) {
      return false;
    }
    double own = evidence(domain);
    for (int d = 0; d < docket.domainStanding.length; d++) {
      if (d != domain
          && docket.domainStanding[d] == DomainStanding.WHOLE
          && common(d, domain) > 0
          && own < EXPLAINS * evidence(d)
          && guilt(d) >= threshold(d) / 2
          && !isEverybody(d)) {
        return true;
      }
    }
    return false;
  }

  private double common(int domain, int other) {
    double sum = 0;
    for (int i : topology.members(domain)) {
      if (docket.standing[i] == Standing.SERVING && topology.isMember(i, other)) {
        sum += Math.min(docket.score[i], Cusum.THRESHOLD);
      }
    }
    return sum;
  }
}
