package io.fairlead.gateway.live;

import io.fairlead.gateway.app.PassingGateway;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.config.MethodRules;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The gateway exactly as in production, before the nodes of a scenario and configured as it says,
 * on ports that the system chooses.
 *
 * <p>Thread-safety: safe. Ownership: whoever starts it closes it; its state folder goes with it.
 */
final class LiveGateway implements AutoCloseable {
  private static final String CHAIN = "drill";

  private final PassingGateway passing;

  private LiveGateway(PassingGateway passing) {
    this.passing = passing;
  }

  /**
   * Starts it and waits until it can serve.
   *
   * @param onEvent told of every change of routing, on the control thread
   */
  static LiveGateway start(
      Scenario scenario, LiveWorld world, SimulatedChain chain, Consumer<RoutingEvent> onEvent)
      throws IOException {
    return new LiveGateway(
        PassingGateway.start(CHAIN, dir -> config(scenario, world, chain, dir), onEvent));
  }

  private static FairleadConfig config(
      Scenario scenario, LiveWorld world, SimulatedChain chain, Path stateDir) {
    ChainConfig.Identity identity =
        new ChainConfig.Identity(
            ChainConfig.Family.EVM,
            OptionalLong.of(chain.chainId()),
            Duration.ofNanos(chain.blockTimeNanos()));
    List<UpstreamConfig> upstreams =
        scenario.world().upstreams().stream()
            .map(u -> upstream(u.spec(), world.node(u.spec().id()).url()))
            .toList();
    FairleadConfig.Services usual = FairleadConfig.Services.DEFAULT;
    return FairleadConfig.of(new ChainConfig(CHAIN, identity, MethodRules.NONE, upstreams))
        .withListen(ListenConfig.ephemeral())
        .withRouting(routing(scenario.play().settings()))
        .withServices(
            new FairleadConfig.Services(
                usual.probes(), Optional.empty(), usual.transactions(), usual.limits(), stateDir));
  }

  /** What an operator would have written to get these settings. */
  static RoutingConfig routing(Settings settings) {
    double quantile = settings.policy().hedgeQuantile();
    boolean isHedging = quantile > 0 && settings.hedgeBudget() > 0;
    return new RoutingConfig(
        new RoutingConfig.Spread(settings.policy().bias(), settings.policy().maxShare()),
        Math.toIntExact(settings.policy().maxLagBlocks()),
        Duration.ofNanos(settings.policy().timeoutNanos()),
        new RoutingConfig.Retry(settings.maxAttempts(), settings.retryBudget()),
        isHedging
            ? Optional.of(new RoutingConfig.Hedge(quantile, settings.hedgeBudget()))
            : Optional.empty());
  }

  /** What an operator would have written to get this upstream. */
  static UpstreamConfig upstream(UpstreamSpec spec, String url) {
    int most = spec.maxConcurrency();
    return UpstreamConfig.of(spec.id(), url)
        .withPlace(place(spec.domains()))
        .withCapacity(
            new UpstreamConfig.Capacity(
                spec.weight(),
                spec.tier(),
                most == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(most)));
  }

  private static UpstreamConfig.Place place(List<FailureDomain> domains) {
    LiveWorld.Place in = LiveWorld.Place.of(domains);
    Map<String, String> others = new LinkedHashMap<>();
    domains.forEach(domain -> others.put(domain.kind(), domain.name()));
    Optional<String> cloud = Optional.ofNullable(others.remove(FailureDomain.CLOUD));
    Optional<String> vendor = Optional.ofNullable(others.remove(FailureDomain.VENDOR));
    FailureDomain usual = FailureDomain.region(in.cloud(), in.region());
    boolean isUsual = cloud.isPresent() && domains.contains(usual);
    if (isUsual) {
      others.remove(FailureDomain.REGION);
    }
    return new UpstreamConfig.Place(
        cloud.orElse(UpstreamConfig.UNKNOWN),
        isUsual ? in.region() : UpstreamConfig.UNKNOWN,
        vendor,
        others,
        UpstreamConfig.Kind.HYPERSCALER);
  }

  InetSocketAddress rpcAddress() {
    return (InetSocketAddress) passing.gateway().rpcAddress();
  }

  InetSocketAddress opsAddress() {
    return passing.gateway().opsAddress();
  }

  RoutingTable table() {
    return passing.table();
  }

  @Override
  public void close() {
    passing.close();
  }
}
