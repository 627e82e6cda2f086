package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Prequal's hot/cold rule with local counts: among the candidates that are not hot the one with the
 * lowest latency; when all are hot, the one with the fewest requests in flight (RIF).
 *
 * <p><b>Rule.</b> A candidate is hot when its RIF exceeds the 2<sup>-0.25</sup> = 0.84 quantile of
 * the RIF of all. Its latency is the median of those lately observed when about as many were in
 * flight as now.
 *
 * <p><b>Deviations.</b> JSON-RPC nodes answer no load probes. So RIF is what this gateway itself
 * has in flight, latency what it saw itself (network included, to its benefit), and the pool of up
 * to 16 probes is replaced by 16 members drawn anew for each call, whose estimates are current:
 * probe ages, reuse and removal have no meaning left. Where probing would have renewed an estimate,
 * here a call must: an upstream of which nothing was heard for 5 s, and which has nothing in
 * flight, counts as latency 0. The paper names sinkholing, the attraction of a fast error, and
 * leaves the heuristic against it open: here a failure counts as the client's timeout. A 429 does
 * as well, and is retried.
 *
 * <p><b>Cost.</b> One pass over all members, to find the quantile, and one over the pool.
 *
 * <p>Source: B. Wydrowski, R. Kleinberg, S. Rumble, A. Archer, "Load is not what you should
 * balance: introducing Prequal", NSDI 2024 (pool 16, Q<sub>RIF</sub> 2<sup>-0.25</sup>).
 */
final class Prequal extends Baseline {
  private static final double HOT_QUANTILE = Math.pow(2, -0.25);
  private static final int POOL = 16;
  private static final long STALE_NANOS = 5_000_000_000L;

  private final LatencyByRif[] latency;
  private final double timeoutNanos;
  private final int[] withRif = new int[LatencyByRif.MAX_RIF + 2];
  private int[] deck;

  Prequal(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    latency = new LatencyByRif[network.upstreams().size()];
    Arrays.setAll(latency, u -> new LatencyByRif());
    timeoutNanos = scenario.play().timeoutNanos();
    deck = members().toArray();
  }

  @Override
  void onMembers() {
    deck = members().toArray();
  }

  @Override
  int pick(SimCall call, Tries tries) {
    int hotAbove = deck.length == 0 ? 0 : hotAbove();
    long now = network.nanoTime();
    int best = NONE;
    double bestCost = 0;
    for (int drawn = 0, pooled = 0; drawn < deck.length && pooled < POOL; drawn++) {
      int u = drawFromDeck(drawn);
      if (isFree(u, tries)) {
        pooled++;
        double cost = cost(u, hotAbove, now);
        if (best == NONE || cost < bestCost) {
          best = u;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  /** Below {@link Double#MAX_VALUE} / 2 by latency while cold, above it by RIF when hot. */
  private double cost(int upstream, int hotAbove, long nowNanos) {
    int rif = inFlight(upstream);
    if (rif > hotAbove) {
      return Double.MAX_VALUE * (0.5 + rif * 1e-9);
    }
    LatencyByRif seen = latency[upstream];
    boolean isFresh = seen.newestNanos() > nowNanos - STALE_NANOS;
    double median = seen.medianAt(rif);
    if (isFresh || rif > 0) {
      return Double.isNaN(median) ? timeoutNanos : median;
    }
    return 0;
  }

  private int hotAbove() {
    Arrays.fill(withRif, 0);
    for (int u : deck) {
      withRif[Math.min(inFlight(u), withRif.length - 1)]++;
    }
    int rank = (int) ((deck.length - 1) * HOT_QUANTILE);
    int rif = 0;
    for (int below = withRif[0]; below <= rank; below += withRif[rif]) {
      rif++;
    }
    return rif < withRif.length - 1 ? rif : exactHotAbove(rank);
  }

  private int exactHotAbove(int rank) {
    int[] rifs = new int[deck.length];
    Arrays.setAll(rifs, i -> inFlight(deck[i]));
    Arrays.sort(rifs);
    return rifs[rank];
  }

  private int drawFromDeck(int place) {
    int from = place + random.nextInt(deck.length - place);
    int u = deck[from];
    deck[from] = deck[place];
    deck[place] = u;
    return u;
  }

  @Override
  void onSent(SimAttempt attempt) {
    attempt.attach(inFlight(attempt.upstream()) - 1);
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    boolean isAnswer = reply.result().isSuccess();
    note(attempt, isAnswer ? network.nanoTime() - attempt.sentNanos() : timeoutNanos);
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    note(attempt, timeoutNanos);
  }

  private void note(SimAttempt attempt, double latencyNanos) {
    if (attempt.attachment() instanceof Integer rif) {
      latency[attempt.upstream()].add(rif, latencyNanos, network.nanoTime());
    }
  }
}
