package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.ChainCache;
import io.fairlead.gateway.cache.ChainView;
import io.fairlead.gateway.call.ChainFacts;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.HeadObserver;
import io.fairlead.gateway.capability.LearntHoldings;
import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.control.ControlLoop;
import io.fairlead.gateway.freshness.HeadBoard;
import io.fairlead.gateway.freshness.HeadDesk;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.ChainProber;
import io.fairlead.probes.EvmExpectation;
import io.fairlead.probes.Fork;
import io.fairlead.probes.Head;
import io.fairlead.probes.ProbeEnvironment;
import io.fairlead.probes.ProbeLedger;
import io.fairlead.probes.ProbeListener;
import io.fairlead.probes.ProbePolicy;
import io.fairlead.probes.ProbePort;
import io.fairlead.probes.Reorganisation;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control side of one chain: its router, its prober, and what passes between them.
 *
 * <p>Thread-safety: confined to the control thread, apart from the {@link ChainFacts} and the
 * {@link HeadObserver} methods, which event loops call and which hand over.
 */
final class ChainControl implements ChainFacts, HeadObserver, ProbeListener {
  private static final Logger LOG = LoggerFactory.getLogger(ChainControl.class);

  private final String name;
  private final ControlLoop control;
  private final ChainRouter router;
  private final ProbePort port;
  private final RandomGenerator random;
  private final GatewayMetrics metrics;
  private volatile long configuredNanos;
  private volatile long chainId = ChainRuntime.UNKNOWN_CHAIN_ID;
  private volatile ChainView view = ChainView.NOTHING;
  private @Nullable ChainCache cache;
  private final Clients clients = new Clients(Clients.DEFAULT_SIZE);
  private final ProbeLedger ledger = new ProbeLedger();
  private @Nullable ProbePolicy probing;
  private @Nullable ChainProber prober;
  private @Nullable ChainIdInquiry inquiry;
  private List<UpstreamConfig> upstreams = List.of();
  private long seenVersion = -1;
  private final HoldingsControl holdings;
  private volatile HeadDesk desk;

  /** What the chains share. */
  record Shared(ControlLoop control, SplittableRandom random, GatewayMetrics metrics) {}

  ChainControl(String name, ChainRouter router, ProbePort port, Shared shared) {
    this.name = name;
    this.router = router;
    this.port = port;
    this.control = shared.control();
    this.random = shared.random();
    this.metrics = shared.metrics();
    this.holdings = new HoldingsControl(name, control, shared.random().split());
    this.desk = newDesk(1);
  }

  ChainRouter router() {
    return router;
  }

  /** Where everybody stands. */
  HeadBoard board() {
    return desk.board();
  }

  private HeadDesk newDesk(long blockTimeNanos) {
    return new HeadDesk(new HeadBoard(blockTimeNanos, this::onHeadWanted), clients, control);
  }

  @Override
  public Clients clients() {
    return clients;
  }

  @Override
  public long configuredNanos() {
    return configuredNanos;
  }

  @Override
  public LearntHoldings holdings() {
    return holdings.learnt();
  }

  @Override
  public long chainId() {
    return chainId;
  }

  /** What the chain is agreed to look like now; from any thread. */
  ChainView view() {
    return view;
  }

  /** Says whom to tell when that has changed; null for nobody. */
  void setCache(@Nullable ChainCache told) {
    cache = told;
  }

  /** Takes over upstreams and policy; calls go by the old table until {@link #publish}. */
  void configure(ChainConfig chain, FairleadConfig config) {
    List<UpstreamSpec> specs = chain.upstreams().stream().map(UpstreamConfig::toSpec).toList();
    configuredNanos = control.nanoTime();
    List<String> moved = moved(chain.upstreams());
    moved.forEach(id -> router.onIdentity(id, Identity.UNKNOWN));
    holdings.configure(moved, specs.stream().map(UpstreamSpec::id).toList());
    long blockTimeNanos = chain.identity().blockTime().toNanos();
    if (board().blockTimeNanos() != blockTimeNanos) {
      desk = newDesk(blockTimeNanos);
    }
    List<Upstream> before = router.table().upstreams();
    router.setUpstreams(specs, config.routing().toPolicy());
    for (Upstream now : router.upstreams()) {
      for (Upstream old : before) {
        if (now != old && now.id().equals(old.id()) && !moved.contains(old.id())) {
          board().inherit(now, old);
        }
      }
    }
  }

  /** Makes a table with what was taken over; nothing new is probed yet. */
  void publish() {
    router.tick();
  }

  /** Begins to probe, or goes on with other upstreams after a reload. */
  void probe(ChainConfig chain, FairleadConfig config) {
    List<String> moved = moved(chain.upstreams());
    upstreams = chain.upstreams();
    long wanted = chain.identity().chainId().orElse(ChainRuntime.UNKNOWN_CHAIN_ID);
    boolean sameChain = wanted == ChainRuntime.UNKNOWN_CHAIN_ID || wanted == chainId;
    ProbePolicy policy = Policies.probes(config.services().probes(), chain.identity());
    ChainProber current = prober;
    if (current != null && sameChain && policy.equals(probing)) {
      moved.forEach(current::forget);
      current.setUpstreams(specs());
      return;
    }
    stop();
    probing = policy;
    if (wanted != ChainRuntime.UNKNOWN_CHAIN_ID) {
      startProber(wanted, policy);
    } else {
      inquire(policy);
    }
  }

  private void inquire(ProbePolicy policy) {
    List<String> ids = upstreams.stream().map(UpstreamConfig::id).toList();
    ChainIdInquiry.Means means =
        new ChainIdInquiry.Means(port, control, policy.timeout().toNanos());
    inquiry =
        new ChainIdInquiry(
            ids,
            means,
            learnt -> {
              LOG.info("chain {}: its id is {}, as its upstreams say", name, learnt);
              startProber(learnt, policy);
            });
    inquiry.start();
  }

  private void startProber(long id, ProbePolicy policy) {
    chainId = id;
    seenVersion = -1;
    ProbeEnvironment world = new ProbeEnvironment(port, control, random, ledger);
    ChainProber started = new ChainProber(new EvmExpectation(id), policy, world, this);
    prober = started;
    started.setUpstreams(specs());
    started.start();
    holdings.start(policy, world, upstreams.stream().map(UpstreamConfig::id).toList());
  }

  private List<UpstreamSpec> specs() {
    return upstreams.stream().map(UpstreamConfig::toSpec).toList();
  }

  /** Upstreams that are reached in another way than before, of which nothing is known any more. */
  private List<String> moved(List<UpstreamConfig> next) {
    List<String> moved = new ArrayList<>();
    for (UpstreamConfig old : upstreams) {
      for (UpstreamConfig now : next) {
        if (now.id().equals(old.id()) && !now.endpoint().equals(old.endpoint())) {
          moved.add(now.id());
        }
      }
    }
    return moved;
  }

  /** Weighs the evidence; tells the prober whom to look at closely. */
  void tick() {
    RoutingTable table = router.tick();
    ChainProber current = prober;
    if (current != null && table.version() != seenVersion) {
      seenVersion = table.version();
      for (Upstream upstream : table.upstreams()) {
        current.setSuspect(upstream.id(), table.status(upstream).health() != Health.HEALTHY);
      }
    }
  }

  void stop() {
    holdings.stop();
    if (prober != null) {
      prober.stop();
      prober = null;
    }
    if (inquiry != null) {
      inquiry.stop();
      inquiry = null;
    }
  }

  @Override
  public void onOrganicHead(Upstream upstream, long blocks) {
    control.execute(
        () -> {
          if (prober != null) {
            prober.onOrganicHead(upstream.id(), blocks);
          }
        });
  }

  /** Takes from the home loop that an upstream has told of its newest block. */
  void onHeadSeen(Upstream upstream, Head head) {
    long now = control.nanoTime();
    board().onSeen(upstream, head.number(), now, now);
    control.execute(
        () -> {
          if (prober != null) {
            prober.onPushedHead(upstream.id(), head);
          }
        });
  }

  @Override
  public void onOrganicAnswer(Upstream upstream) {
    control.execute(
        () -> {
          if (prober != null) {
            prober.onOrganicAnswer(upstream.id());
          }
        });
  }

  /** Takes from an event loop that an untrusted upstream is proven to have lied. */
  void onLie(Upstream upstream, String evidence) {
    control.execute(
        () -> {
          LOG.warn("chain {}: upstream {} {}", name, upstream.id(), evidence);
          router.onLie(upstream.id(), evidence);
        });
  }

  @Override
  public void onIdentity(String id, Identity identity, String reason) {
    if (identity == Identity.WRONG_CHAIN) {
      LOG.error("chain {}: upstream {} is on another chain and is not used: {}", name, id, reason);
    }
    router.onIdentity(id, identity);
  }

  @Override
  public void onHead(String id, Head head) {
    Upstream upstream = upstream(id);
    if (upstream == null) {
      return;
    }
    if (desk.onHead(upstream, head, router.table().upstreams())) {
      LOG.warn("chain {}: it has started over, at block {} now", name, head.number());
    }
  }

  private @Nullable Upstream upstream(String id) {
    for (Upstream upstream : router.table().upstreams()) {
      if (upstream.id().equals(id)) {
        return upstream;
      }
    }
    return null;
  }

  private void onHeadWanted(long number) {
    control.execute(
        () -> {
          if (prober != null) {
            prober.onHeadWanted(number);
          }
        });
  }

  @Override
  public void onReorganisation(Reorganisation reorganisation) {
    LOG.info(
        "chain {}: reorganised from block {} on: {} in place of {}",
        name,
        reorganisation.number(),
        reorganisation.newHash(),
        reorganisation.oldHash());
    long depth = board().heads().latest() - reorganisation.number() + 1;
    router.onReorganised(
        reorganisation.number(),
        Math.max(1, depth),
        reorganisation.oldHash(),
        reorganisation.newHash());
    if (cache != null) {
      cache.onReorganised();
    }
  }

  @Override
  public void onPosition(String id, long blocks) {
    router.onHead(id, blocks);
  }

  @Override
  public void onChainHead(long blocks) {
    router.setChainHead(blocks);
  }

  @Override
  public void onAgreed(AgreedHeads heads) {
    desk.onAgreed(heads);
    ChainView before = view;
    AgreedView now = new AgreedView(heads);
    view = now;
    if (cache != null) {
      now.tell(cache, before);
    }
  }

  @Override
  public void onFork(Fork fork) {
    LOG.warn(
        "chain {}: two blocks at {}: {} from {}, {} from {}",
        name,
        fork.number(),
        fork.hash(),
        fork.id(),
        fork.otherHash(),
        fork.otherId());
  }

  @Override
  public void onProbe(String id, AttemptResult outcome, long elapsedNanos, String reason) {
    LOG.debug("chain {}: probe of {}: {} {}", name, id, outcome, reason);
    router.onProbe(id, outcome, elapsedNanos);
    desk.onProbe(elapsedNanos);
    Upstream upstream = upstream(id);
    if (upstream != null) {
      metrics.upstream(upstream).onProbe(outcome);
    }
  }
}
