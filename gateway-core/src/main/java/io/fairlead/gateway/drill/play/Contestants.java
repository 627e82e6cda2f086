package io.fairlead.gateway.drill.play;

import io.fairlead.gateway.drill.judge.Bar;
import io.fairlead.probes.ProbePolicy;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.sim.baseline.Baselines;
import io.fairlead.routing.sim.policy.FairleadGateway;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Oracle;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Everybody that can play a scenario: the production policy and what it is compared with.
 *
 * <p>Thread-safety: immutable.
 */
public final class Contestants {
  /** The production policy with the production prober. */
  public static final String FAIRLEAD = "fairlead";

  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final int PROBES_PER_DAY = 20_000;

  private Contestants() {}

  /**
   * The baselines and the oracle.
   *
   * @return their names, in the order in which reports list them
   */
  public static List<String> baselines() {
    List<String> names = new ArrayList<>();
    Baselines.all().forEach(factory -> names.add(factory.name()));
    names.add(Oracle.factory().name());
    return names;
  }

  /**
   * Everybody by name.
   *
   * @param name {@code fairlead}, {@code no-hedge} or a baseline's
   * @return empty if nobody is called so
   */
  public static Optional<GatewayUnderTest.Factory> named(String name) {
    if (name.equals(FAIRLEAD)) {
      return Optional.of(new Production());
    }
    if (name.equals(Bar.NO_HEDGE)) {
      return Optional.of(new Unhedged());
    }
    GatewayUnderTest.Factory oracle = Oracle.factory();
    return name.equals(oracle.name()) ? Optional.of(oracle) : Baselines.named(name);
  }

  /** The production policy; its probes follow the chain's block time as in the gateway. */
  private record Production() implements GatewayUnderTest.Factory {
    @Override
    public String name() {
      return FAIRLEAD;
    }

    @Override
    public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
      ProbePolicy probes =
          new ProbePolicy(
              PROBE_INTERVAL,
              PROBE_TIMEOUT,
              PROBES_PER_DAY,
              Duration.ofNanos(scenario.world().blockTimeNanos()));
      return FairleadGateway.factory(
              Optional.of(ProductionProber.factory(probes)), FairleadGateway.Listener.NONE)
          .create(network, scenario, random);
    }
  }

  /** The same without hedges. */
  private record Unhedged() implements GatewayUnderTest.Factory {
    @Override
    public String name() {
      return Bar.NO_HEDGE;
    }

    @Override
    public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
      return new Production().create(network, withoutHedges(scenario), random);
    }

    private static Scenario withoutHedges(Scenario scenario) {
      Play play = scenario.play();
      Settings s = play.settings();
      RoutingPolicy p = s.policy();
      RoutingPolicy policy =
          new RoutingPolicy(p.bias(), p.maxLagBlocks(), p.maxShare(), 0, p.timeoutNanos());
      return scenario.withPlay(
          new Play(
              play.durationNanos(),
              play.measureFromNanos(),
              play.timeoutNanos(),
              play.gateways(),
              new Settings(policy, s.maxAttempts(), s.retryBudget(), 0)));
    }
  }
}
