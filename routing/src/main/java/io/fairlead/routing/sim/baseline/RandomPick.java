package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * A random choice by the operator's weights, blind to load, latency and failures.
 *
 * <p>A 429 is retried elsewhere, as with {@link RoundRobin}.
 *
 * <p>Source: the definition; Envoy's {@code RANDOM} and HAProxy's {@code random(1)} are the same.
 */
final class RandomPick extends Baseline {
  RandomPick(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
  }

  @Override
  int pick(SimCall call, Tries tries) {
    return draw(tries);
  }
}
