package io.fairlead.gateway.demo;

import io.fairlead.gateway.app.PassingGateway;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.ListenConfig;
import io.fairlead.gateway.config.MethodRules;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The gateway exactly as in production, in this process, with a state folder that goes with it. */
final class LocalGateway implements DemoGateway {
  private static final String CHAIN = "demo";
  private static final Map<MethodClass, Double> MIX =
      new EnumMap<>(
          Map.of(
              MethodClass.LIGHT, 0.60,
              MethodClass.READ, 0.30,
              MethodClass.LOGS, 0.09,
              MethodClass.WRITE, 0.01));

  private final PassingGateway passing;
  private final boolean isElsewhere;

  private LocalGateway(PassingGateway passing, boolean isElsewhere) {
    this.passing = passing;
    this.isElsewhere = isElsewhere;
  }

  /**
   * Starts gateways on the usual ports as far as they are free.
   *
   * @param rpcPort the port that must be used; empty: the usual one or another
   */
  record Starter(Optional<Integer> rpcPort) implements DemoGateway.Starter {
    @Override
    public DemoGateway start(SimulatedWorld world, Consumer<String> onEvent) throws IOException {
      ListenConfig usual = ListenConfig.DEFAULT;
      int rpc =
          rpcPort.isPresent()
              ? Ports.required(rpcPort.get())
              : Ports.orAny(ListenConfig.DEFAULT_RPC.port());
      boolean isElsewhere = rpcPort.isEmpty() && rpc == Ports.ANY;
      ListenConfig listen =
          new ListenConfig(
              new ListenConfig.Ports(
                  new HostPort(ListenConfig.DEFAULT_RPC.host(), rpc),
                  new HostPort(usual.admin().host(), Ports.orAny(usual.admin().port())),
                  new HostPort(usual.ops().host(), Ports.orAny(usual.ops().port()))),
              usual.encryption(),
              usual.proxies(),
              usual.answers(),
              usual.loops());
      PassingGateway passing =
          PassingGateway.start(
              CHAIN, dir -> config(world, listen, dir), event -> onEvent.accept(describe(event)));
      return new LocalGateway(passing, isElsewhere);
    }
  }

  /** The configuration that an operator would write for the world. */
  static FairleadConfig config(SimulatedWorld world, ListenConfig listen, Path stateDir) {
    ChainConfig.Identity identity =
        new ChainConfig.Identity(
            ChainConfig.Family.EVM,
            OptionalLong.of(world.chain().chainId()),
            Duration.ofNanos(world.chain().blockTimeNanos()));
    List<UpstreamConfig> upstreams = world.nodes().stream().map(LocalGateway::upstream).toList();
    FairleadConfig.Services usual = FairleadConfig.Services.DEFAULT;
    return FairleadConfig.of(new ChainConfig(CHAIN, identity, MethodRules.NONE, upstreams))
        .withListen(listen)
        .withServices(
            new FairleadConfig.Services(
                usual.probes(), Optional.empty(), usual.transactions(), usual.limits(), stateDir));
  }

  private static UpstreamConfig upstream(SimulatedNode node) {
    NodeProfile at = node.profile();
    UpstreamConfig.Kind kind =
        switch (at.cloud()) {
          case "cloudflare" -> UpstreamConfig.Kind.EDGE;
          case "hetzner" -> UpstreamConfig.Kind.BARE_METAL;
          default -> UpstreamConfig.Kind.HYPERSCALER;
        };
    return UpstreamConfig.of(at.id(), node.url())
        .withPlace(
            new UpstreamConfig.Place(at.cloud(), at.region(), Optional.empty(), Map.of(), kind));
  }

  @Override
  public InetSocketAddress rpcAddress() {
    return (InetSocketAddress) passing.gateway().rpcAddress();
  }

  @Override
  public List<String> greeting() {
    List<String> lines = new ArrayList<>();
    String rpc = "http://127.0.0.1:" + rpcAddress().getPort();
    if (isElsewhere) {
      lines.add("Port " + ListenConfig.DEFAULT_RPC.port() + " is taken; another was chosen.");
    }
    lines.add("The gateway serves nine simulated nodes in four clouds on " + rpc);
    lines.add("Try, while this runs:");
    lines.add(
        "  curl -si "
            + rpc
            + " -H 'Content-Type: application/json'"
            + " -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\"}'");
    lines.add(
        "  curl -s http://127.0.0.1:" + passing.gateway().opsAddress().getPort() + "/metrics");
    lines.add("  ./fairlead routes" + adminOption());
    return lines;
  }

  private String adminOption() {
    int port = passing.gateway().adminAddress().getPort();
    return port == ListenConfig.DEFAULT.admin().port() ? "" : " --admin 127.0.0.1:" + port;
  }

  @Override
  public Map<String, Double> shares() {
    Map<String, Double> shares = new HashMap<>();
    RoutingTable table = passing.table();
    for (Upstream upstream : table.upstreams()) {
      double share = 0;
      for (Map.Entry<MethodClass, Double> part : MIX.entrySet()) {
        share += part.getValue() * table.share(upstream, part.getKey());
      }
      shares.put(upstream.id(), share);
    }
    return shares;
  }

  @Override
  public void close() {
    passing.close();
  }

  private static String describe(RoutingEvent event) {
    return event.subject()
        + ' '
        + event.kind().label().replace("domain_", "").replace('_', ' ')
        + ": "
        + event.reason()
        + String.format(
            Locale.ROOT,
            " (%.0f %% -> %.0f %%)",
            100 * event.shareBefore(),
            100 * event.shareAfter());
  }
}
