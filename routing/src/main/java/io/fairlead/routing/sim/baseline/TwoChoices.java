package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * The power of two choices: of two random upstreams the one with less load; the first on a tie.
 *
 * <p>Source: M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12
 * (2001).
 */
abstract class TwoChoices extends Baseline {
  private static final int DRAWS = 8;

  TwoChoices(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
  }

  /** The load of an upstream by this policy's measure; less is better. */
  abstract double load(int upstream, long nowNanos);

  /** Whether the two are always different ones. */
  boolean isDistinct() {
    return true;
  }

  @Override
  final int pick(SimCall call, Tries tries) {
    int first = draw(tries);
    if (first == NONE) {
      return NONE;
    }
    int second = draw(tries);
    for (int i = 0; isDistinct() && second == first && i < DRAWS; i++) {
      second = draw(tries);
    }
    long now = network.nanoTime();
    return second != first && load(second, now) < load(first, now) ? second : first;
  }
}
