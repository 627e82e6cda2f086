package io.fairlead.gateway.app;

import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.OwnCalls;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.config.UpstreamConfig;
import io.fairlead.gateway.control.ChainSubscriptions;
import io.fairlead.gateway.feed.ChainFeed;
import io.fairlead.gateway.feed.FeedJson;
import io.fairlead.gateway.feed.FeedListener;
import io.fairlead.gateway.feed.FeedSettings;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.metrics.StoryMetrics;
import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.stream.ChainStreams;
import io.fairlead.gateway.stream.PollPort;
import io.fairlead.gateway.stream.StreamListener;
import io.fairlead.gateway.stream.StreamSpec;
import io.fairlead.gateway.stream.StreamView;
import io.fairlead.gateway.stream.StreamWants;
import io.fairlead.gateway.stream.WebSocketWires;
import io.fairlead.gateway.subscribe.Subscriptions;
import io.fairlead.gateway.subscribe.SubscriptionsView;
import io.fairlead.gateway.subscribe.Wanted;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.gateway.upstream.socket.SocketUpgrades;
import io.fairlead.probes.Head;
import io.fairlead.probes.ProbeCallback;
import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one chain's upstreams push or are polled for, made into a story and told to subscribers, on
 * the chain's home loop.
 *
 * <p>Thread-safety: made and configured on the control thread; what it is made of lives on the home
 * loop.
 */
final class ChainStory implements StreamListener, FeedListener, Wanted.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ChainStory.class);
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String name;
  private final ChainControl control;
  private final Home home;
  private final OwnCalls calls;
  private final Subscriptions subscriptions;
  private final ChainFeed feed;
  private final ChainStreams streams;
  private final PoolProbePort polls;
  private boolean wasServed = true;
  private volatile ChainRuntime runtime;

  /**
   * The event loop that a chain's story lives on.
   *
   * @param loop the loop
   * @param context its calls
   * @param pools its connections
   * @param all the contexts of all loops, by index
   */
  record Home(IoLoop loop, LoopContext context, UpstreamPools pools, List<LoopContext> all) {}

  /** What the stories of all chains have in common. */
  record Shared(GatewayMetrics metrics, RandomGenerator random) {}

  ChainStory(
      ChainControl control, ChainConfig chain, ChainRuntime runtime, Home home, Shared shared) {
    this.name = chain.name();
    this.control = control;
    this.home = home;
    this.runtime = runtime;
    StoryMetrics counted = shared.metrics().story(name);
    this.calls = new OwnCalls(home.context(), MAX_ANSWER_BYTES);
    this.subscriptions =
        new Subscriptions(
            home.context(),
            home.all(),
            new Subscriptions.Means(shared.random(), this, counted::onSent));
    this.polls = new PoolProbePort(this::probed, home.loop().eventLoop());
    this.feed =
        new ChainFeed(
            this,
            new CalledBlocks(calls, () -> this.runtime, counted),
            home.loop(),
            FeedSettings.of(community(chain), chain.identity().blockTime()));
    this.streams =
        new ChainStreams(
            new ChainStreams.Ports(control.router()::table, this::wires, this::poll),
            new ChainStreams.Surroundings(
                home.loop(),
                shared.random(),
                shared.metrics().streams(),
                feed.pace()::expectedNanos),
            new ChainStreams.Outlets(feed, this));
  }

  private static Set<String> community(ChainConfig chain) {
    return chain.upstreams().stream()
        .filter(ChainStory::isCommunity)
        .map(UpstreamConfig::id)
        .collect(Collectors.toSet());
  }

  private static boolean isCommunity(UpstreamConfig upstream) {
    return upstream.place().kind() == UpstreamConfig.Kind.COMMUNITY;
  }

  /** Begins to listen. */
  void start() {
    home.context().execute(streams::start);
  }

  /** Listens to the upstreams of another configuration; subscriptions go on. */
  void configure(ChainConfig chain, FairleadConfig config, ChainRuntime next) {
    runtime = next;
    List<StreamSpec> specs = specs(chain);
    Set<String> community = community(chain);
    int probesPerDay = config.services().probes().dailyBudget();
    home.context()
        .execute(
            () -> {
              feed.setCommunity(community);
              streams.setUpstreams(specs, probesPerDay);
            });
  }

  private List<StreamSpec> specs(ChainConfig chain) {
    Map<String, UpstreamConfig> byId = new HashMap<>();
    chain.upstreams().forEach(upstream -> byId.put(upstream.id(), upstream));
    List<StreamSpec> specs = new ArrayList<>();
    for (Upstream upstream : control.router().table().upstreams()) {
      UpstreamConfig found = byId.get(upstream.id());
      if (found != null && !found.isPrivate()) {
        UpstreamAddress ws = Policies.pushAddress(found);
        if (ws != null && ws.isTls()) {
          home.pools().prepareTls();
        }
        specs.add(new StreamSpec(upstream, ws, isCommunity(found)));
      }
    }
    return specs;
  }

  private WebSocketWires wires(StreamSpec spec) {
    UpstreamAddress address = spec.ws();
    if (address == null) {
      throw new IllegalStateException(spec.upstream() + " has no WebSocket");
    }
    return new WebSocketWires(
        new SocketUpgrades(home.pools().dialer(address), home.loop(), HANDSHAKE_NANOS),
        address.toString());
  }

  /** Over the connections that calls use, on the home loop. */
  private void poll(Upstream upstream, byte[] body, long timeoutNanos, PollPort.Answer answer) {
    polls.call(
        upstream.id(),
        body,
        timeoutNanos,
        new ProbeCallback() {
          @Override
          public void onAnswer(int httpStatus, byte[] bytes) {
            answer.onAnswer(httpStatus, bytes);
          }

          @Override
          public void onFailure(boolean timedOut, String reason) {
            answer.onFailure(timedOut, reason);
          }
        });
  }

  private PoolProbePort.@Nullable Home probed(String id) {
    for (Upstream upstream : control.router().table().upstreams()) {
      if (upstream.id().equals(id)) {
        return new PoolProbePort.Home(home.loop(), home.pools(), upstream.slot());
      }
    }
    return null;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Whether the chain is served has been looked at. Control thread only. */
  void onServed(boolean isServed) {
    if (isServed != wasServed) {
      wasServed = isServed;
      subscriptions.onSyncing(!isServed);
    }
  }

  CompletionStage<ChainSubscriptions> list(int most) {
    CompletableFuture<List<ChainSubscriptions.Source>> sources = new CompletableFuture<>();
    home.context().execute(() -> sources.complete(sources()));
    return subscriptions.list(most).thenCombine(sources, this::view);
  }

  private List<ChainSubscriptions.Source> sources() {
    return streams.views().stream().map(ChainStory::source).toList();
  }

  private static ChainSubscriptions.Source source(StreamView view) {
    OptionalLong head =
        view.headBlocks() < 0 ? OptionalLong.empty() : OptionalLong.of(view.headBlocks());
    return new ChainSubscriptions.Source(view.upstream().id(), view.isPush(), head);
  }

  private ChainSubscriptions view(SubscriptionsView view, List<ChainSubscriptions.Source> sources) {
    List<ChainSubscriptions.Topic> busiest =
        view.busiest().stream()
            .map(t -> new ChainSubscriptions.Topic(t.kind(), t.filter(), t.subscriptions()))
            .toList();
    return new ChainSubscriptions(name, view.subscriptions(), view.topics(), busiest, sources);
  }

  /** Listens to nobody any more. */
  void stop() {
    home.context()
        .execute(
            () -> {
              streams.close();
              calls.stop();
            });
  }

  @Override
  public void onWanted(Wanted wanted) {
    feed.setInterest(wanted.logs());
    if (wanted.heads()) {
      feed.goLive(control.board().heads().latestHash());
    } else {
      feed.rest();
    }
    streams.want(new StreamWants(wanted.heads(), wanted.pending(), wanted.pendingWhole()));
  }

  @Override
  public void onHeadSeen(Upstream by, Header head) {
    control.onHeadSeen(by, toHead(head));
  }

  private static Head toHead(Header header) {
    long made = FeedJson.timestampSeconds(header);
    return new Head(header.number(), header.hash(), header.parentHash(), made);
  }

  @Override
  public void onPending(String hash, @Nullable String json) {
    subscriptions.onPending('"' + hash + '"');
    if (json != null) { // only its hash is known where the body could not be had
      subscriptions.onPendingWhole(json);
    }
  }

  @Override
  public void onBlock(Header block) {
    subscriptions.onBlock(block);
  }

  @Override
  public void onLogs(Header block, List<Log> logs) {
    subscriptions.onLogs(block, logs);
  }

  @Override
  public void onRemoved(Header block, List<Log> logs) {
    subscriptions.onRemoved(block, logs);
  }

  @Override
  public void onLost(String reason) {
    LOG.warn("chain {}: subscriptions cannot go on without a gap: {}", name, reason);
    subscriptions.onLost(reason);
  }
}
