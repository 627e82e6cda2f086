package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.config.UpstreamConfig.Kind;
import io.fairlead.routing.sim.scenario.Path;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a configuration does not say of its upstreams: how far away they are and how they serve.
 *
 * @param rttNanos round trips by upstream id, failure domain or kind, in this order of precedence
 * @param jitter how much each way varies, 0 to 1
 * @param machines how they serve
 */
public record Assumptions(Map<String, Long> rttNanos, double jitter, Machines machines) {
  /** Kinds as they are written, and the round trips taken for them. */
  private static final Map<Kind, KindRule> KINDS =
      Map.of(
          Kind.EDGE, new KindRule("edge", 5_000_000L),
          Kind.HYPERSCALER, new KindRule("hyperscaler", 20_000_000L),
          Kind.BARE_METAL, new KindRule("bare-metal", 30_000_000L),
          Kind.COMMUNITY, new KindRule("community", 60_000_000L));

  /** What holds when nothing is said. */
  public static final Assumptions DEFAULT = new Assumptions(Map.of(), 0.1, Machines.UNSAID);

  private record KindRule(String word, long rttNanos) {}

  /** Copies the map. */
  public Assumptions {
    rttNanos = Map.copyOf(rttNanos);
  }

  /**
   * An upstream of a configuration as one of a simulated world.
   *
   * @param upstream the upstream
   * @param n its place in the list, from 0
   * @return with these assumptions
   */
  public SimUpstream toSim(UpstreamConfig upstream, int n) {
    Path path = new Path(rttNanos(upstream) / 1e6, jitter);
    return new SimUpstream(upstream.toSpec(), path, machines.server(n));
  }

  /**
   * The round trip taken for an upstream.
   *
   * @param upstream the upstream
   * @return nanoseconds
   */
  public long rttNanos(UpstreamConfig upstream) {
    KindRule kind = kind(upstream);
    for (String name : names(upstream)) {
      Optional<Long> known = Optional.ofNullable(rttNanos.get(name));
      if (known.isPresent()) {
        return known.get();
      }
    }
    return kind.rttNanos();
  }

  /** Names in the map that no upstream of these has. */
  static TreeSet<String> unknown(Map<String, Long> rtts, List<UpstreamConfig> upstreams) {
    TreeSet<String> unknown = new TreeSet<>(rtts.keySet());
    upstreams.forEach(u -> names(u).forEach(unknown::remove));
    KINDS.values().forEach(kind -> unknown.remove(kind.word()));
    return unknown;
  }

  private static List<String> names(UpstreamConfig upstream) {
    List<String> names = new ArrayList<>();
    names.add(upstream.id());
    upstream.toSpec().domains().forEach(d -> names.add(d.toString()));
    names.add(kind(upstream).word());
    return names;
  }

  private static KindRule kind(UpstreamConfig upstream) {
    return KINDS.getOrDefault(upstream.place().kind(), new KindRule("hyperscaler", 20_000_000L));
  }
}
