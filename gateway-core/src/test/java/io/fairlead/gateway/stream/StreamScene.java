package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.HeadInlet;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.control.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The streams of one chain among virtual nodes, with a real routing table, in virtual time. */
final class StreamScene implements HeadInlet, StreamListener, StreamObserver {
  static final StreamWants HEADS = new StreamWants(true, false, false);

  final ManualScheduler time = new ManualScheduler();
  final Map<String, VirtualNode> nodes = new LinkedHashMap<>();
  final Map<String, Long> toldNumbers = new LinkedHashMap<>();
  final Set<String> live = new LinkedHashSet<>();
  final List<String> story = new ArrayList<>();
  final List<String> pending = new ArrayList<>();
  final Set<String> withWs = new LinkedHashSet<>();
  final Set<String> community = new LinkedHashSet<>();
  final ChainStreams streams;
  private final ChainRouter router;
  private final List<UpstreamSpec> specs = new ArrayList<>();
  private final Duration blockTime;
  int silent;
  int seen;
  int reconnects;
  private long number = 100;

  StreamScene(Duration blockTime) {
    this.blockTime = blockTime;
    SplittableRandom random = new SplittableRandom(20261121);
    router =
        new ChainRouter(
            new ChainIdentity("eth", new AtomicInteger()::getAndIncrement),
            RoutingPolicy.DEFAULT,
            time,
            random.split(),
            event -> {});
    streams =
        new ChainStreams(
            new ChainStreams.Ports(
                router::table,
                spec -> node(spec.upstream()),
                (upstream, body, timeout, answer) -> node(upstream).ask(body, answer)),
            new ChainStreams.Surroundings(time, random.split(), this, blockTime::toNanos),
            new ChainStreams.Outlets(this, this));
  }

  private VirtualNode node(Upstream upstream) {
    return node(upstream.id());
  }

  VirtualNode node(String id) {
    VirtualNode node = nodes.get(id);
    if (node == null) {
      throw new AssertionError("no node " + id);
    }
    return node;
  }

  /** Adds a node in {@code cloud/region}, or nowhere; with WebSocket. */
  StreamScene with(String id, String place) {
    polled(id, place);
    withWs.add(id);
    return this;
  }

  /** Adds a node without WebSocket. */
  StreamScene polled(String id, String place) {
    List<FailureDomain> domains = new ArrayList<>();
    if (!place.isEmpty()) {
      int slash = place.indexOf('/');
      String cloud = place.substring(0, slash);
      domains.add(FailureDomain.region(cloud, place.substring(slash + 1)));
      domains.add(FailureDomain.cloud(cloud));
    }
    specs.add(new UpstreamSpec(id, domains, 100, 0, Integer.MAX_VALUE));
    VirtualNode node = new VirtualNode(id, time);
    nodes.put(id, node);
    return this;
  }

  void remove(String id) {
    specs.removeIf(spec -> spec.id().equals(id));
    configure(1_000_000);
  }

  /** Begins with all nodes verified and at the head. */
  StreamScene start(int probesPerDay) {
    configure(probesPerDay);
    for (UpstreamSpec spec : specs) {
      router.onIdentity(spec.id(), Identity.VERIFIED);
      router.onHead(spec.id(), number);
      node(spec.id()).onBlock(number);
    }
    router.setChainHead(number);
    router.tick();
    streams.start();
    return this;
  }

  void configure(int probesPerDay) {
    router.setUpstreams(specs, RoutingPolicy.DEFAULT);
    router.tick();
    streams.setUpstreams(
        router.table().upstreams().stream()
            .map(u -> new StreamSpec(u, ws(u.id()), community.contains(u.id())))
            .toList(),
        probesPerDay);
  }

  private @Nullable UpstreamAddress ws(String id) {
    return withWs.contains(id) ? UpstreamAddress.parse("ws://" + id + "/key", Map.of()) : null;
  }

  void drain(String... ids) {
    List<Intent> intents = new ArrayList<>();
    for (String id : ids) {
      intents.add(new Intent(Target.parse(id), OptionalInt.empty(), true, "op", ""));
    }
    router.setIntents(intents);
    router.tick();
  }

  void setIdentity(String id, Identity identity) {
    router.onIdentity(id, identity);
    router.tick();
  }

  void eject(String id) {
    router.onLie(id, "lied");
    router.tick();
  }

  /** Time passes; every block time a block is mined and told to all nodes but the given. */
  void mine(int blocks, String... deaf) {
    for (int i = 0; i < blocks; i++) {
      pass(blockTime);
      number++;
      for (VirtualNode node : nodes.values()) {
        if (!List.of(deaf).contains(node.id)) {
          node.onBlock(number);
        }
        router.onHead(node.id, number);
      }
      router.setChainHead(number);
      router.tick();
    }
    pass(Duration.ofMillis(50));
  }

  void pass(Duration duration) {
    time.advance(duration);
  }

  /** The end of the story. */
  List<String> last(int count) {
    return story.subList(Math.max(0, story.size() - count), story.size());
  }

  long number() {
    return number;
  }

  @Override
  public void onHead(Upstream by, Header head) {
    toldNumbers.put(by.id(), head.number());
    if (live.add(by.id())) {
      story.add("+" + by.id());
    }
  }

  @Override
  public void onHeadSeen(Upstream by, Header head) {
    seen++;
  }

  @Override
  public void onGone(Upstream by) {
    if (!live.remove(by.id())) {
      throw new AssertionError(by + " gone without a word before");
    }
    story.add("-" + by.id());
  }

  @Override
  public void onPending(String hash, @Nullable String json) {
    pending.add(json == null ? hash : json);
  }

  @Override
  public void onSilent(Upstream upstream) {
    silent++;
  }

  @Override
  public void onReconnect(Upstream upstream) {
    reconnects++;
  }
}
