package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * Round robin by the operator's weights: everybody in turn, blind to load, latency and failures.
 *
 * <p>A 429 is retried elsewhere, as nginx does with {@code proxy_next_upstream http_429}. nginx's
 * passive {@code max_fails} is left out: the reference asks for the bare rule.
 *
 * <p>Source: the smooth variant of nginx, see {@link Rotation}.
 */
final class RoundRobin extends Baseline {
  private final Rotation rotation;
  private final double[] weights;

  RoundRobin(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    rotation = new Rotation(network.upstreams().size());
    weights = network.upstreams().stream().mapToDouble(spec -> spec.weight()).toArray();
  }

  @Override
  int pick(SimCall call, Tries tries) {
    return rotation.next(this, tries, weights);
  }
}
