package io.fairlead.gateway.app;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.control.Signature;
import io.fairlead.gateway.metrics.Gaps;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The control sides of all chains, in the configuration's order.
 *
 * <p>Thread-safety: changed on the control thread only; {@link #tables} and {@link #chains} may be
 * read from any thread.
 */
final class ChainFleet {
  private final ControlLoop control;
  private final SplittableRandom random;
  private final Reports reports;
  private final HomeFinder homes;
  private volatile Map<String, ChainControl> chains = Map.of();
  private int nextSlot;

  /**
   * Where the chains report to.
   *
   * @param events why traffic moved
   * @param metrics where probes are counted
   */
  record Reports(Consumer<RoutingEvent> events, GatewayMetrics metrics) {}

  /** Finds where the upstream with a slot is probed from. */
  @FunctionalInterface
  interface HomeFinder {
    PoolProbePort.Home homeOf(int slot);
  }

  ChainFleet(ControlLoop control, SplittableRandom random, Reports reports, HomeFinder homes) {
    this.control = control;
    this.random = random;
    this.reports = reports;
    this.homes = homes;
  }

  /**
   * Takes over a configuration: chains that stay keep what was learnt. Nothing new is probed yet.
   */
  void configure(FairleadConfig config) {
    control.assertInLoop();
    Map<String, ChainControl> next = new LinkedHashMap<>();
    Map<String, ChainControl> current = chains;
    for (ChainConfig chain : config.chains().values()) {
      ChainControl kept = current.get(chain.name());
      ChainControl configured = kept == null ? create(chain.name(), config) : kept;
      configured.configure(chain, config);
      next.put(chain.name(), configured);
    }
    current.forEach(
        (name, chain) -> {
          if (!next.containsKey(name)) {
            chain.stop();
          }
        });
    chains = Collections.unmodifiableMap(next);
  }

  /** Lets calls go by the tables of what was {@link #configure configured}. */
  void publish() {
    control.assertInLoop();
    chains.values().forEach(ChainControl::publish);
  }

  private ChainControl create(String name, FairleadConfig config) {
    ChainRouter router =
        new ChainRouter(
            new ChainIdentity(name, () -> nextSlot++),
            config.routing().toPolicy(),
            control,
            random.split(),
            reports.events());
    PoolProbePort port = new PoolProbePort(id -> home(router, id), control);
    ChainControl.Shared shared =
        new ChainControl.Shared(control, random.split(), reports.metrics());
    return new ChainControl(name, router, port, shared);
  }

  private PoolProbePort.@Nullable Home home(ChainRouter router, String id) {
    for (Upstream upstream : router.table().upstreams()) {
      if (upstream.id().equals(id)) {
        return homes.homeOf(upstream.slot());
      }
    }
    return null;
  }

  void probe(FairleadConfig config) {
    control.assertInLoop();
    for (ChainConfig chain : config.chains().values()) {
      chain(chain.name()).probe(chain, config);
    }
  }

  void tick() {
    for (ChainControl chain : chains.values()) {
      chain.tick();
    }
  }

  void stop() {
    for (ChainControl chain : chains.values()) {
      chain.stop();
    }
  }

  void applyIntents(List<Intent> intents, Signature ended) {
    for (ChainControl chain : chains.values()) {
      chain.router().setIntents(intents, ended.author(), ended.reason());
      chain.tick();
    }
  }

  List<LatencyRow> latency() {
    List<LatencyRow> rows = new ArrayList<>();
    for (ChainControl chain : chains.values()) {
      rows.addAll(chain.router().latency());
    }
    return rows;
  }

  ChainControl chain(String name) {
    ChainControl chain = chains.get(name);
    if (chain == null) {
      throw new IllegalArgumentException("chain: " + name + " (expected: a configured one)");
    }
    return chain;
  }

  void onRtt(Upstream upstream, long rttNanos) {
    ChainControl chain = chains.get(upstream.chain());
    if (chain != null) {
      chain.router().onRtt(upstream.id(), rttNanos);
    }
  }

  List<Upstream> upstreams() {
    return tables().stream().flatMap(table -> table.upstreams().stream()).toList();
  }

  List<ChainRouter> routers() {
    return chains.values().stream().map(ChainControl::router).toList();
  }

  Map<String, ChainControl> chains() {
    return chains;
  }

  /** What the upstreams of all chains lack. */
  Gaps gaps() {
    return new Gaps() {
      @Override
      public Map<String, Long> oldestBlocks(Upstream upstream) {
        Map<String, Long> oldest = new HashMap<>();
        ChainControl chain = chains.get(upstream.chain());
        if (chain != null) {
          chain
              .holdings()
              .oldest(upstream.id(), control.nanoTime())
              .forEach((kind, block) -> oldest.put(kind.word(), block));
        }
        return oldest;
      }

      @Override
      public long missingMethods(Upstream upstream) {
        ChainControl chain = chains.get(upstream.chain());
        return chain == null
            ? 0
            : chain.holdings().missingMethods(upstream.id(), control.nanoTime());
      }
    };
  }

  /** What one upstream lacks. */
  List<KnownGap> known(Upstream upstream) {
    ChainControl chain = chains.get(upstream.chain());
    return chain == null ? List.of() : chain.holdings().gaps(upstream.id(), control.nanoTime());
  }

  List<RoutingTable> tables() {
    return chains.values().stream().map(chain -> chain.router().table()).toList();
  }
}
