package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * Finagle's peak EWMA: of two random nodes the one whose latency, averaged so that peaks count at
 * once, times its requests in flight is less.
 *
 * <p><b>Formula.</b> A latency above the average replaces it; one below moves it by {@code 1 -
 * exp(-dt / tau)}, tau = 10 s, with dt since the average was last touched. Reading touches it too:
 * it observes a latency of 0, which is what makes the average decay, and what leaves little weight
 * to latencies below it. The load is {@code average x (pending + 1)}; a node without any history
 * that is being tried counts as the penalty 2<sup>47</sup> + pending.
 *
 * <p>Every end of a request is observed alike, a failure and a client that gave up included: a fast
 * error is a fast answer. Finagle's failure accrual, a module of its own, is left out. A 429 is an
 * answer, and passed on.
 *
 * <p>Source: twitter/finagle, {@code loadbalancer/PeakEwma.scala}; the default decay time of {@code
 * Balancers.p2cPeakEwma} is 10 seconds.
 */
final class PeakEwma extends TwoChoices {
  private static final double TAU_NANOS = 10e9;
  private static final double PENALTY = Long.MAX_VALUE >> 16;

  private final double[] cost;
  private final long[] touchedNanos;

  PeakEwma(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    cost = new double[network.upstreams().size()];
    touchedNanos = new long[cost.length];
  }

  @Override
  double load(int upstream, long nowNanos) {
    observe(upstream, 0, nowNanos);
    int pending = inFlight(upstream);
    return cost[upstream] == 0 && pending != 0 ? PENALTY + pending : cost[upstream] * (pending + 1);
  }

  @Override
  boolean retriesLimited() {
    return false;
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    end(attempt);
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    end(attempt);
  }

  private void end(SimAttempt attempt) {
    long now = network.nanoTime();
    observe(attempt.upstream(), (double) (now - attempt.sentNanos()), now);
  }

  private void observe(int upstream, double latencyNanos, long nowNanos) {
    double kept = Math.exp((touchedNanos[upstream] - nowNanos) / TAU_NANOS);
    cost[upstream] =
        latencyNanos > cost[upstream]
            ? latencyNanos
            : cost[upstream] * kept + latencyNanos * (1 - kept);
    touchedNanos[upstream] = nowNanos;
  }
}
