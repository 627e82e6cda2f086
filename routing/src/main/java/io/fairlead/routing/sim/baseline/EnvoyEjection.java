package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * Envoy as it is usually configured: {@link LeastRequest} among those whom {@link EnvoyDetector}
 * has not ejected.
 *
 * <p>The route's timeout is taken to be the client's, so a call that is given up counts as a 504
 * against whom it waited for. The phase of the sweeps is random. A 429 is no 5xx and counts as a
 * success. When fewer than half are in service Envoy panics and uses all; at 10 % that happens only
 * in the smallest clusters.
 *
 * <p>Source: envoyproxy/envoy; {@code healthy_panic_threshold} defaults to 50 %.
 */
final class EnvoyEjection extends LeastRequest {
  private static final double PANIC_BELOW = 0.5;

  private final EnvoyDetector detector;

  EnvoyEjection(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    detector =
        new EnvoyDetector(
            network.upstreams().size(), members().size(), network::onEjected, network::onReturned);
    network.schedule(this::sweep, random.nextLong(EnvoyDetector.INTERVAL_NANOS));
  }

  @Override
  void onMembers() {
    detector.resize(members().size());
  }

  @Override
  boolean isServing(int upstream) {
    return !detector.isEjected(upstream) || isPanic();
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    detector.put(attempt.upstream(), !reply.result().isFailure(), network.nanoTime());
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    detector.put(attempt.upstream(), false, network.nanoTime());
  }

  private boolean isPanic() {
    return members().size() - detector.ejected() < PANIC_BELOW * members().size();
  }

  private void sweep() {
    detector.sweep(network.nanoTime());
    network.schedule(this::sweep, EnvoyDetector.INTERVAL_NANOS);
  }
}
