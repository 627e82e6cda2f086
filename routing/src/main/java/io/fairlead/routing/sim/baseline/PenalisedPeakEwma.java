package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Linkerd's failure-aware peak EWMA: a failure counts as a round trip of five seconds.
 *
 * <p><b>Formula.</b> A round trip above the decayed average replaces it; another moves it by {@code
 * 1 - exp(-dt / 10 s)}, with dt since it was last written; reading only projects the decay. A 429,
 * a 503 or another 5xx is recorded as max(5 s, the average). The load is {@code average x (pending
 * + 1)}, the lesser of two random endpoints wins; an endpoint starts at 30 ms. A request that is
 * given up is recorded with the time it took so far.
 *
 * <p>Deviation, in its favour: Linkerd records a refused connection with its elapsed time and takes
 * the endpoint out of the ready set while it reconnects; here it counts as a failure. The extra
 * circuit breaker is left out. A 429 is penalised and passed on.
 *
 * <p>Source: linkerd/linkerd2-proxy, {@code linkerd/load-biaser} and {@code linkerd/ewma} (penalty
 * 5,000 ms, decay 10 s), {@code DEFAULT_EWMA} of the outbound profile (default round trip 30 ms).
 */
final class PenalisedPeakEwma extends TwoChoices {
  private static final double DECAY_NANOS = 10e9;
  private static final double PENALTY_NANOS = 5e9;
  private static final double INITIAL_NANOS = 30e6;

  private final double[] average;
  private final long[] writtenNanos;

  PenalisedPeakEwma(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    average = new double[network.upstreams().size()];
    writtenNanos = new long[average.length];
    Arrays.fill(average, INITIAL_NANOS);
  }

  @Override
  double load(int upstream, long nowNanos) {
    return averageAt(upstream, nowNanos) * (inFlight(upstream) + 1);
  }

  @Override
  boolean retriesLimited() {
    return false;
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    boolean isFailure = reply.result().isFailure() || reply.result() == AttemptResult.LIMITED;
    long now = network.nanoTime();
    double elapsed = now - attempt.sentNanos();
    double penalty = Math.max(PENALTY_NANOS, averageAt(attempt.upstream(), now));
    record(attempt.upstream(), isFailure ? penalty : elapsed, now);
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    long now = network.nanoTime();
    record(attempt.upstream(), (double) (now - attempt.sentNanos()), now);
  }

  private void record(int upstream, double latencyNanos, long nowNanos) {
    double decayed = averageAt(upstream, nowNanos);
    double kept = Math.exp((writtenNanos[upstream] - nowNanos) / DECAY_NANOS);
    average[upstream] =
        latencyNanos > decayed
            ? latencyNanos
            : average[upstream] * kept + latencyNanos * (1 - kept);
    writtenNanos[upstream] = nowNanos;
  }

  private double averageAt(int upstream, long nowNanos) {
    return average[upstream] * Math.exp((writtenNanos[upstream] - nowNanos) / DECAY_NANOS);
  }
}
