package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Every baseline by its name, in the order in which reports list them.
 *
 * <p>Thread-safety: immutable; each factory makes gateways that are independent of each other.
 */
public final class Baselines {
  private static final List<GatewayUnderTest.Factory> ALL =
      List.of(
          new Named("round-robin", RoundRobin::new),
          new Named("random", RandomPick::new),
          new Named("least-request", LeastRequest::new),
          new Named("peak-ewma", PeakEwma::new),
          new Named("peak-ewma-penalty", PenalisedPeakEwma::new),
          new Named("prequal", Prequal::new),
          new Named("c3", C3::new),
          new Named("envoy-ejection", EnvoyEjection::new),
          new Named("grpc-ejection", GrpcEjection::new),
          new Named("periodic-score", PeriodicScore::new),
          new Named("dns-failover", DnsFailover::new));

  private Baselines() {}

  /**
   * All of them.
   *
   * @return in the order of reports
   */
  public static List<GatewayUnderTest.Factory> all() {
    return ALL;
  }

  /**
   * Finds one.
   *
   * @param name as {@link GatewayUnderTest.Factory#name()} has it
   * @return empty if there is none of that name
   */
  public static Optional<GatewayUnderTest.Factory> named(String name) {
    return ALL.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  /** What makes one gateway. */
  @FunctionalInterface
  private interface Maker {
    GatewayUnderTest make(Network network, Scenario scenario, RandomGenerator random);
  }

  /** A baseline by its name. */
  private record Named(String name, Maker maker) implements GatewayUnderTest.Factory {
    @Override
    public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
      return maker.make(network, scenario, random);
    }
  }
}
