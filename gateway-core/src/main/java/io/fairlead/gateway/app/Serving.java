package io.fairlead.gateway.app;

import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.ChainLane;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.ClientLimits;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.MethodDefinition;
import io.fairlead.gateway.config.MethodRules;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.freshness.FreshnessHandler;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.metrics.UpstreamMetrics;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.upstream.PoolSpec;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.verify.CrossCheck;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.evidence.EvidenceLane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a configuration what the event loops serve by.
 *
 * <p>Thread-safety: confined to the control thread.
 */
final class Serving {
  private static final double RETRIES_PER_SECOND = 3;
  private static final double RETRIES_IN_ADVANCE = 100;
  private static final double HEDGES_PER_SECOND = 1;

  /** What is asked of upstreams that are for private transactions. */
  private static final List<String> PRIVATE_METHODS =
      List.of(
          "eth_sendRawTransaction*",
          "eth_sendPrivate*",
          "eth_cancelPrivateTransaction",
          "eth_sendBundle",
          "eth_cancelBundle",
          "eth_sendEndOfBlockBundle",
          "mev_*");

  private final TransactionDesk desk;
  private final StoryDesk stories;
  private final MethodSpecs methods;
  private final GatewayMetrics metrics;
  private final List<IoLoop> loops;
  private final Runnable doorbell;
  private final Map<List<MethodDefinition>, MethodSpecs> defined = new HashMap<>();
  private final Caches caches;
  private final Map<ChainRouter, List<EvidenceLane>> lanes = new HashMap<>();
  private final Map<ChainRouter, ChainHandlers> handlers = new HashMap<>();
  private final Verifying verifying = new Verifying();

  /** What serves besides the answering of calls. */
  record Desks(TransactionDesk transactions, StoryDesk stories) {}

  Serving(
      MethodSpecs methods,
      GatewayMetrics metrics,
      List<IoLoop> loops,
      Runnable doorbell,
      Desks desks) {
    this.desk = desks.transactions();
    this.stories = desks.stories();
    this.methods = methods;
    this.metrics = metrics;
    this.loops = loops;
    this.doorbell = doorbell;
    this.caches = new Caches(metrics, loops.size());
  }

  /** What each upstream's slot stands for. */
  List<UpstreamDirectory.Entry> directory(FairleadConfig config, ChainFleet fleet) {
    List<UpstreamDirectory.Entry> entries = new ArrayList<>();
    for (ChainConfig chain : config.chains().values()) {
      Map<String, UpstreamConfig> byId = new HashMap<>();
      chain.upstreams().forEach(upstream -> byId.put(upstream.id(), upstream));
      MethodSpecs specs = specs(chain);
      for (Upstream upstream : fleet.chain(chain.name()).router().upstreams()) {
        UpstreamConfig found = byId.get(upstream.id());
        if (found != null) {
          entries.add(entry(upstream, found, specs));
        }
      }
    }
    return entries;
  }

  /** The methods of a chain as its operator defines them; the same indexes for the same chain. */
  private MethodSpecs specs(ChainConfig chain) {
    return defined.computeIfAbsent(
        chain.defined(),
        definitions -> {
          Map<String, Map<String, String>> columns = new LinkedHashMap<>();
          definitions.forEach(method -> columns.put(method.name(), method.columns()));
          return methods.with(columns);
        });
  }

  private UpstreamDirectory.Entry entry(
      Upstream upstream, UpstreamConfig config, MethodSpecs specs) {
    UpstreamAddress address = Policies.address(config);
    boolean pipelines =
        config.endpoint().sharing().pipelines()
            && !address.isTls()
            && loops.stream().allMatch(IoLoop::canAcknowledge);
    PoolSpec pool =
        new PoolSpec(
            upstream.slot(),
            address,
            upstream.spec().maxConcurrency(),
            pipelines,
            Policies.http2(config));
    UpstreamMetrics counted = metrics.upstream(upstream);
    return new UpstreamDirectory.Entry(
        upstream, pool, counted, policy(config, specs), socket(config, counted));
  }

  private static UpstreamDirectory.@Nullable CallWebSocket socket(
      UpstreamConfig config, UpstreamMetrics counted) {
    UpstreamAddress address = Policies.pushAddress(config);
    return address != null && config.endpoint().sharing().overWs() && !config.isPrivate()
        ? new UpstreamDirectory.CallWebSocket(address, counted.carriers())
        : null;
  }

  /** What an upstream serves: one for private transactions only these, and what its rules open. */
  private static MethodPolicy policy(UpstreamConfig config, MethodSpecs specs) {
    List<String> allow = new ArrayList<>(config.methods().allow());
    List<String> deny = new ArrayList<>(config.methods().deny());
    if (config.isPrivate()) {
      allow.addAll(PRIVATE_METHODS);
      deny.add("*");
    }
    return MethodPolicy.ofUpstream(specs, allow, deny);
  }

  /** The plan that requests are served by. */
  ServingPlan plan(FairleadConfig config, ChainFleet fleet) {
    List<ChainRuntime> runtimes = new ArrayList<>();
    caches.configure(config.services().cache());
    caches.retain(fleet.chains().values());
    for (ChainConfig chain : config.chains().values()) {
      ChainControl control = fleet.chain(chain.name());
      ChainRuntime runtime = runtime(chain, config, control);
      desk.connect(chain, config, runtime, control.board());
      stories.configure(chain, config, runtime, control);
      runtimes.add(runtime);
    }
    lanes.keySet().retainAll(fleet.routers());
    desk.retain(config.chains().keySet());
    stories.retain(config.chains());
    handlers.keySet().retainAll(fleet.routers());
    defined
        .keySet()
        .retainAll(config.chains().values().stream().map(ChainConfig::defined).toList());
    return new ServingPlan(runtimes, limits(config.services().limits()));
  }

  private static ServingPlan.Limits limits(ClientLimits limits) {
    ClientLimits.Body body = limits.body();
    ClientLimits.WebSocket socket = limits.webSocket();
    return new ServingPlan.Limits(
        body.bytes(),
        body.batchCalls(),
        body.depth(),
        httpLimits(limits),
        new ServingPlan.WebSocketLimits(
            socket.messageBytes(), socket.calls(), socket.callsPerSecond(), socket.bufferBytes()));
  }

  private static ServingPlan.HttpLimits httpLimits(ClientLimits limits) {
    ClientLimits.Head head = limits.head();
    ClientLimits.Pace pace = limits.pace();
    return new ServingPlan.HttpLimits(
        head.lineBytes(),
        head.headerBytes(),
        head.fields(),
        limits.connections().streams(),
        new ServingPlan.ClientPace(
            pace.head().toNanos(),
            pace.bodyBytesPerSecond(),
            pace.idle().toNanos(),
            pace.writeStall().toNanos()));
  }

  private ChainRuntime runtime(ChainConfig chain, FairleadConfig config, ChainControl control) {
    RoutingConfig routing = config.routing();
    List<ChainLane> own = lanes(control.router(), routing);
    ChainRuntime.Parts parts =
        new ChainRuntime.Parts(
            control.router(), own, metrics.chain(chain.name()), control, control);
    boolean upstreamsDiffer =
        chain.upstreams().stream()
            .anyMatch(u -> u.isPrivate() || !u.methods().equals(MethodRules.NONE));
    MethodPolicy policy =
        MethodPolicy.ofChain(specs(chain), chain.methods().allow(), chain.methods().deny());
    return new ChainRuntime(
        chain.name(),
        parts,
        Policies.calls(routing),
        new ChainRuntime.Rules(
            policy, upstreamsDiffer, routing.maxLagBlocks(), handler(chain, config, control)));
  }

  /** Outermost what each client was told, then what was answered to others. */
  private CallHandler handler(ChainConfig chain, FairleadConfig config, ChainControl control) {
    HeadBoard board = control.board();
    CallHandler inner = caches.before(asked(chain, config, control), chain, control);
    FreshnessHandler.Limits limits = FreshnessHandler.Limits.of(board.blockTimeNanos());
    return new FreshnessHandler(inner, board, limits);
  }

  /** By dispatch: to where transactions are sent from, to logs, to filters, or to upstreams. */
  private CallHandler asked(ChainConfig chain, FairleadConfig config, ChainControl control) {
    Optional<CrossCheck> check = verifying.crossCheck(chain, control, metrics.chain(chain.name()));
    return desk.handler(chain, config, handlers(control).byDispatch(check));
  }

  private ChainHandlers handlers(ChainControl control) {
    return handlers.computeIfAbsent(
        control.router(), r -> new ChainHandlers(loops.size(), loops.get(0)));
  }

  /** In advance, because a domain may fail before enough calls have deposited anything. */
  private Budget retries(RoutingConfig routing, IoLoop loop) {
    double perSecond = RETRIES_PER_SECOND / loops.size();
    return new Budget(routing.retry().budget(), perSecond, RETRIES_IN_ADVANCE, loop);
  }

  /** Evidence goes on where it was; budgets are those of the configuration. */
  private List<ChainLane> lanes(ChainRouter router, RoutingConfig routing) {
    List<EvidenceLane> evidence =
        lanes.computeIfAbsent(
            router, r -> loops.stream().map(loop -> r.newLane(doorbell)).toList());
    double hedges = routing.hedge().map(RoutingConfig.Hedge::budget).orElse(0.0);
    List<ChainLane> made = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      IoLoop loop = loops.get(i);
      made.add(
          new ChainLane(
              evidence.get(i),
              new Allowances(
                  retries(routing, loop),
                  new Budget(hedges, HEDGES_PER_SECOND / loops.size(), loop),
                  loop)));
    }
    return made;
  }
}
