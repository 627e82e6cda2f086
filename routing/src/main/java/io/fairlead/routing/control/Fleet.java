package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.evidence.Cusum;
import io.fairlead.routing.evidence.Jury;
import io.fairlead.routing.table.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chain's upstreams and failure domains, numbered as in the topology, with what is known of each.
 *
 * <p>Thread-safety: none; control loop only. A reload makes a new fleet out of the old one.
 */
final class Fleet {
  private static final int[] NOWHERE = {};

  final Topology topology;
  final List<UpstreamState> states;
  final List<DomainState> domains;
  private final Map<String, UpstreamState> byId = new HashMap<>();

  private Fleet(List<UpstreamState> states, Map<FailureDomain, DomainState> known) {
    this.states = List.copyOf(states);
    topology = new Topology(states.stream().map(s -> s.upstream).toList());
    domains =
        topology.domains().stream().map(d -> known.getOrDefault(d, new DomainState(d))).toList();
    states.forEach(s -> byId.put(s.upstream.id(), s));
  }

  static Fleet empty() {
    return new Fleet(List.of(), Map.of());
  }

  /**
   * The fleet of a new configuration. An upstream whose specification is the same keeps its object;
   * one whose id is the same keeps what was learnt.
   */
  Fleet with(ChainIdentity chain, List<UpstreamSpec> specs) {
    requireUnique(chain, specs);
    Map<String, UpstreamState> next = new LinkedHashMap<>();
    for (UpstreamSpec spec : specs) {
      UpstreamState kept = byId.get(spec.id());
      if (kept == null) {
        kept = new UpstreamState(new Upstream(chain.name(), chain.slots().getAsInt(), spec));
        kept.isJoining = !states.isEmpty();
      } else if (!kept.upstream.spec().equals(spec)) {
        kept.upstream = new Upstream(chain.name(), chain.slots().getAsInt(), spec);
      }
      next.put(spec.id(), kept);
    }
    Map<FailureDomain, DomainState> known = new HashMap<>();
    domains.forEach(d -> known.put(d.domain, d));
    return new Fleet(new ArrayList<>(next.values()), known);
  }

  private static void requireUnique(ChainIdentity chain, List<UpstreamSpec> specs) {
    Set<String> ids = new HashSet<>();
    for (UpstreamSpec spec : specs) {
      if (!ids.add(spec.id())) {
        throw new IllegalArgumentException(
            "id: " + spec.id() + " (expected: unique within chain " + chain.name() + ")");
      }
    }
  }

  int size() {
    return states.size();
  }

  @Nullable UpstreamState find(String id) {
    return byId.get(id);
  }

  /** The failure domain that keeps an upstream out or from being whole, or null if none does. */
  @Nullable DomainState worstDomain(int index, long nowNanos) {
    DomainState worst = null;
    for (int d : topology.domainsOf(index)) {
      DomainState domain = domains.get(d);
      double readiness = readiness(domain, nowNanos);
      if (readiness < 1 && (worst == null || readiness < readiness(worst, nowNanos))) {
        worst = domain;
      }
    }
    return worst;
  }

  private static double readiness(DomainState domain, long nowNanos) {
    return Math.min(domain.recovery.readiness(nowNanos), domain.limit.readiness(nowNanos));
  }

  /** How ready an upstream is by health and limits, its domains' included. */
  double readiness(int index, long nowNanos) {
    UpstreamState u = states.get(index);
    DomainState domain = worstDomain(index, nowNanos);
    double ofDomain = domain == null ? 1 : readiness(domain, nowNanos);
    double own =
        Math.min(
            u.recovery.readiness(nowNanos),
            Math.min(u.limit.readiness(nowNanos), u.account.readiness(nowNanos)));
    return Math.min(Math.min(own, u.lies.readiness(nowNanos)), ofDomain);
  }

  /** Tells the domains of an upstream how a probe of it ended. */
  void onProbe(Upstream upstream, boolean isGood, long nowNanos) {
    for (int d : topology.domainsOf(topology.indexOf(upstream))) {
      domains.get(d).recovery.onMemberProbe(isGood, nowNanos);
    }
  }

  /**
   * Whether an upstream, or a domain of it, began its way back less than so long ago. What was sent
   * before that speaks of the fault that is over.
   */
  boolean isReturningFor(Upstream upstream, long lessThanNanos, long nowNanos) {
    int index = topology.indexOf(upstream);
    boolean isRecent = states.get(index).recovery.isReturningFor(lessThanNanos, nowNanos);
    for (int d : topology.domainsOf(index)) {
      isRecent |= domains.get(d).recovery.isReturningFor(lessThanNanos, nowNanos);
    }
    return isRecent;
  }

  /** Whether an upstream is out for everything. */
  boolean isOut(int index) {
    return isIn(Recovery.State.OUT, index, ClassGroup.QUICK);
  }

  /** Whether an upstream is out for a group: for everything, or for heavy calls alone. */
  boolean isOut(int index, ClassGroup group) {
    return isOut(index) || isIn(Recovery.State.OUT, index, group);
  }

  /** Whether all that keeps an upstream out has seen a good probe since. */
  boolean isReserve(int index, long nowNanos) {
    Recovery own = states.get(index).recovery;
    boolean isGood = !own.isOut() || own.isProbedGood(nowNanos);
    for (int d : topology.domainsOf(index)) {
      Recovery recovery = domains.get(d).recovery;
      isGood &= !recovery.isOut() || recovery.isProbedGood(nowNanos);
    }
    return isGood && isOut(index);
  }

  boolean isReturning(int index) {
    return isIn(Recovery.State.RETURNING, index, ClassGroup.QUICK);
  }

  boolean isReturning(int index, ClassGroup group) {
    return isReturning(index) || isIn(Recovery.State.RETURNING, index, group);
  }

  private boolean isIn(Recovery.State state, int index, ClassGroup group) {
    boolean isIn = states.get(index).charge(group).recovery.state() == state;
    for (int d : topology.domainsOf(index)) {
      isIn |= domains.get(d).recovery(group).state() == state;
    }
    return isIn;
  }

  /**
   * Whether a probe of an upstream would be worth its price: a third of a conviction speaks against
   * it, or something does and a third of a conviction against a domain of it. Where calls are rare,
   * two that failed at two neighbours are reason enough to ask.
   */
  boolean isSuspect(int index) {
    double third = Cusum.THRESHOLD * Jury.RELAPSE;
    double own = score(index);
    boolean isSuspect = own >= third;
    for (int d : own > 0 ? topology.domainsOf(index) : NOWHERE) {
      double sum = 0;
      for (int i : topology.members(d)) {
        sum += Math.min(third / 2, score(i));
      }
      isSuspect |= sum >= third;
    }
    return isSuspect;
  }

  private double score(int index) {
    return states.get(index).charge(ClassGroup.QUICK).suspicion.score();
  }

  /** How ready an upstream is for heavy calls, as far as only they are concerned. */
  double heavyReadiness(int index, long nowNanos) {
    ClassGroup heavy = ClassGroup.HEAVY;
    double least = states.get(index).charge(heavy).recovery.readiness(nowNanos);
    for (int d : topology.domainsOf(index)) {
      least = Math.min(least, domains.get(d).recovery(heavy).readiness(nowNanos));
    }
    return least;
  }

  /** Attempts of a class that ended in the last ten seconds or so, for each second. */
  double perSecond(MethodClass c, long nowNanos) {
    double sum = 0;
    for (UpstreamState u : states) {
      u.byClass[c.index()].fade(nowNanos);
      sum += u.byClass[c.index()].total();
    }
    return sum / UpstreamState.RATE_SECONDS;
  }

  List<Upstream> members(int domain) {
    return Arrays.stream(topology.members(domain)).mapToObj(topology::upstream).toList();
  }
}
