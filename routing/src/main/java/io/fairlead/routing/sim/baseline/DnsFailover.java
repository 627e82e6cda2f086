package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * DNS failover by latency, as with Amazon Route 53: all traffic goes to the nearest region that has
 * a healthy upstream, as of the last time the name was looked up.
 *
 * <p><b>Rules.</b> Every 10 s each upstream is checked; a check is good when it answers within 6 s
 * (four to connect, two to answer). Three alike in a row that differ from the status change it. The
 * answer of the name server, the region's healthy upstreams, is kept for its TTL of 30 s. If nobody
 * is healthy everybody counts as healthy. So a region that fails is left after 20 to 30 s of checks
 * and up to 30 s of TTL.
 *
 * <p>Nearness is the time to connect at the start, as DNS routes by a map of latencies and not by
 * load; whoever could not be reached then is farthest. Within the answer the upstream with the
 * fewest requests in flight serves, as behind a regional load balancer. A retry goes to another
 * upstream of the same answer, also after a 429. The phases of checks and look-up are random.
 *
 * <p>Source: Amazon Route 53 developer guide, "How Amazon Route 53 determines whether a health
 * check is healthy" (fast interval 10 s, failure threshold 3) and "Latency-based routing"; a TTL of
 * 30 s, half of the 60 s that the guide names as the most for failover.
 */
final class DnsFailover extends Baseline {
  private static final long CHECK_NANOS = 10_000_000_000L;
  private static final long ANSWER_NANOS = 6_000_000_000L;
  private static final long TTL_NANOS = 30_000_000_000L;
  private static final int THRESHOLD = 3;

  private final String[] regions;
  private final double[] rttMillis;
  private final boolean[] isHealthy;
  private final int[] contrary;
  private final boolean[] isAnswered;

  DnsFailover(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    int upstreams = network.upstreams().size();
    regions = network.upstreams().stream().map(DnsFailover::regionOf).toArray(String[]::new);
    rttMillis = new double[upstreams];
    isHealthy = new boolean[upstreams];
    contrary = new int[upstreams];
    isAnswered = new boolean[upstreams];
    Arrays.fill(isHealthy, true);
    Arrays.setAll(rttMillis, u -> network.rttMillis(u));
    for (int u = 0; u < upstreams; u++) {
      int upstream = u;
      network.schedule(() -> check(upstream), random.nextLong(CHECK_NANOS));
    }
    answer();
    network.schedule(this::lookUp, random.nextLong(TTL_NANOS));
  }

  @Override
  int pick(SimCall call, Tries tries) {
    int best = NONE;
    for (int i = 0; i < members().size(); i++) {
      int u = members().get(i);
      boolean isLess = best == NONE || inFlight(u) < inFlight(best);
      best = isFree(u, tries) && isLess ? u : best;
    }
    return best;
  }

  @Override
  boolean isServing(int upstream) {
    return isAnswered[upstream];
  }

  private void lookUp() {
    answer();
    network.schedule(this::lookUp, TTL_NANOS);
  }

  private void answer() {
    int nearest = nearest(true);
    boolean isFailOpen = nearest == NONE;
    nearest = isFailOpen ? nearest(false) : nearest;
    Arrays.fill(isAnswered, false);
    for (int i = 0; i < members().size(); i++) {
      int u = members().get(i);
      isAnswered[u] = regions[u].equals(regions[nearest]) && (isFailOpen || isHealthy[u]);
    }
  }

  private int nearest(boolean onlyHealthy) {
    int best = NONE;
    for (int i = 0; i < members().size(); i++) {
      int u = members().get(i);
      boolean isNearer = best == NONE || Double.compare(rttMillis[u], rttMillis[best]) < 0;
      best = (isHealthy[u] || !onlyHealthy) && isNearer ? u : best;
    }
    return best;
  }

  private void check(int upstream) {
    network.schedule(() -> check(upstream), CHECK_NANOS);
    if (network.isConfigured(upstream)) {
      new Check(upstream).send();
    }
  }

  private void judge(int upstream, boolean isGood) {
    contrary[upstream] = isGood == isHealthy[upstream] ? 0 : contrary[upstream] + 1;
    if (contrary[upstream] == THRESHOLD) {
      contrary[upstream] = 0;
      isHealthy[upstream] = isGood;
      if (isGood) {
        network.onReturned(upstream);
      } else {
        network.onEjected(upstream);
      }
    }
  }

  private static String regionOf(UpstreamSpec spec) {
    for (FailureDomain domain : spec.domains()) {
      if (domain.kind().equals(FailureDomain.REGION)) {
        return domain.name();
      }
    }
    return spec.id();
  }

  /** One health check under way. */
  private final class Check {
    private final int upstream;
    private boolean isOver;

    Check(int upstream) {
      this.upstream = upstream;
    }

    void send() {
      network.probe(upstream, reply -> end(reply.result() == AttemptResult.SUCCESS));
      network.schedule(() -> end(false), ANSWER_NANOS);
    }

    private void end(boolean isGood) {
      if (!isOver) {
        isOver = true;
        judge(upstream, isGood);
      }
    }
  }
}
