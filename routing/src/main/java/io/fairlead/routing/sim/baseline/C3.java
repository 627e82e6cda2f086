package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * C3: the server with the lowest cubic score among those whose rate allows one more.
 *
 * <p><b>Formula.</b> {@code score = R - 1/mu + q^3 / mu}, {@code q = 1 + outstanding x clients +
 * Q}, where R is the response time, 1/mu the service time and Q the queue that servers report,
 * averaged with a weight of 0.9 for the newest. Each server has a {@link RateLimiter}; when all are
 * exhausted calls wait, in order, until one is not.
 *
 * <p><b>Deviations.</b> JSON-RPC nodes report neither queue nor service time. So Q = 0 (with one
 * gateway the outstanding requests are all there are), and the service time is the response time
 * less the network's, known from connecting. As in Cassandra, what failed or never came counts as
 * the timeout, and a 429 as a failure; it is retried. Cassandra's failure detector and the shadow
 * reads that keep scores fresh in the authors' experiments are left out.
 *
 * <p><b>Cost.</b> One pass over the members for each pick.
 *
 * <p>Source: L. Suresh, M. Canini, S. Schmid, A. Feldmann, "C3: cutting tail latency in cloud data
 * stores via adaptive replica selection", NSDI 2015; {@code ScoreTracker} and {@code
 * RateController} of lalithsuresh/cassandra-c3.
 */
final class C3 extends Baseline {
  private static final double NEWEST = 0.9;

  private final RateLimiter[] limiters;
  private final double[] networkNanos;
  private final double[] serviceNanos;
  private final double[] rttNanos;
  private final Queue<SimCall> backlog = new ArrayDeque<>();
  private final int clients;
  private final double timeoutNanos;
  private boolean isWaking;
  private boolean isDraining;

  C3(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    int upstreams = network.upstreams().size();
    limiters = new RateLimiter[upstreams];
    Arrays.setAll(limiters, u -> new RateLimiter());
    networkNanos = new double[upstreams];
    serviceNanos = new double[upstreams];
    rttNanos = new double[upstreams];
    Arrays.fill(rttNanos, Double.NaN);
    clients = scenario.play().gateways();
    timeoutNanos = scenario.play().timeoutNanos();
  }

  @Override
  int pick(SimCall call, Tries tries) {
    long now = network.nanoTime();
    int best = NONE;
    double wait = Double.POSITIVE_INFINITY;
    double bestScore = 0;
    for (int i = 0; i < members().size(); i++) {
      int u = members().get(i);
      if (isFree(u, tries)) {
        double waitHere = limiters[u].waitNanos(now);
        wait = Math.min(wait, waitHere);
        double score = score(u);
        if (waitHere == 0 && (best == NONE || score < bestScore)) {
          best = u;
          bestScore = score;
        }
      }
    }
    boolean isTurn = isDraining || backlog.isEmpty();
    return wait == Double.POSITIVE_INFINITY || (best != NONE && isTurn) ? best : queue(call, wait);
  }

  /** The score of an upstream now, in nanoseconds; less is better. */
  double score(int upstream) {
    double queue = 1.0 + (double) inFlight(upstream) * clients;
    return networkNanos[upstream] + queue * queue * queue * serviceNanos[upstream];
  }

  /** How fast an upstream may be sent to, in requests per 20 ms. */
  double rate(int upstream) {
    return limiters[upstream].rate();
  }

  private int queue(SimCall call, double waitNanos) {
    backlog.add(call);
    if (!isWaking && !isDraining) {
      wakeAfter(waitNanos);
    }
    return LATER;
  }

  private void wakeAfter(double waitNanos) {
    isWaking = true;
    network.schedule(this::drain, (long) waitNanos + 1);
  }

  private void drain() {
    isWaking = false;
    isDraining = true;
    for (int left = backlog.size(); left > 0 && isAnyAllowed(); left--) {
      SimCall call = backlog.remove();
      if (!call.isEnded()) {
        proceed(call);
      }
    }
    isDraining = false;
    if (!backlog.isEmpty()) {
      wakeAfter(shortestWait());
    }
  }

  private boolean isAnyAllowed() {
    return shortestWait() == 0;
  }

  private double shortestWait() {
    double wait = timeoutNanos;
    for (int i = 0; i < members().size(); i++) {
      wait = Math.min(wait, limiters[members().get(i)].waitNanos(network.nanoTime()));
    }
    return wait;
  }

  @Override
  void onSent(SimAttempt attempt) {
    limiters[attempt.upstream()].take(network.nanoTime());
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    if (reply.result().isSuccess()) {
      limiters[attempt.upstream()].onAnswer(network.nanoTime());
      observe(attempt.upstream(), (double) (network.nanoTime() - attempt.sentNanos()));
    } else {
      observe(attempt.upstream(), timeoutNanos);
    }
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    observe(attempt.upstream(), timeoutNanos);
  }

  private void observe(int upstream, double responseNanos) {
    if (Double.isNaN(rttNanos[upstream])) {
      rttNanos[upstream] = network.rttMillis(upstream) * 1e6;
    }
    double rtt = Double.isNaN(rttNanos[upstream]) ? 0 : rttNanos[upstream];
    double there = Math.min(rtt, responseNanos);
    networkNanos[upstream] = NEWEST * there + (1 - NEWEST) * networkNanos[upstream];
    serviceNanos[upstream] =
        NEWEST * (responseNanos - there) + (1 - NEWEST) * serviceNanos[upstream];
  }
}
