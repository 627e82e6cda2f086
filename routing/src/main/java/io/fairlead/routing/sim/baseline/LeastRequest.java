package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.random.RandomGenerator;

/**
 * Envoy's least request: of two random hosts the one with fewer active requests.
 *
 * <p>Both are drawn with replacement, as in Envoy's source, so one may be drawn twice. A 429 is no
 * 5xx: with {@code retry_on: 5xx,connect-failure,reset} it is passed on to the client.
 *
 * <p>Deviation: with unequal weights Envoy schedules by weight / (active + 1); here the two are
 * drawn by weight.
 *
 * <p>Source: envoyproxy/envoy, {@code LeastRequestLoadBalancer::unweightedHostPick}; documentation
 * "Weighted least request" ({@code choice_count} 2, {@code active_request_bias} 1).
 */
class LeastRequest extends TwoChoices {
  LeastRequest(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
  }

  @Override
  final double load(int upstream, long nowNanos) {
    return inFlight(upstream);
  }

  @Override
  final boolean isDistinct() {
    return false;
  }

  @Override
  final boolean retriesLimited() {
    return false;
  }
}
