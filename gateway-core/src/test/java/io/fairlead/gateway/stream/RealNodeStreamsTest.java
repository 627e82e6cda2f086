package io.fairlead.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.feed.HeadInlet;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.LoopResolver;
import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.upstream.ConnectionPolicy;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.UpstreamNetwork;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.gateway.upstream.UpstreamTls;
import io.fairlead.gateway.upstream.socket.SocketUpgrades;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.RoutingPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of a real node, with trouble on the way. */
@RequiresNode
class RealNodeStreamsTest implements HeadInlet, StreamListener {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final StreamWants ALL = new StreamWants(true, true, true);

  private final Map<String, Long> newest = new ConcurrentHashMap<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final Map<String, String> pending = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Anvil anvil;
  private TcpRelay first;
  private TcpRelay second;
  private EventLoops loops;
  private UpstreamPools pools;
  private ChainStreams streams;

  @BeforeEach
  void start() throws Exception {
    anvil = Anvil.start(Anvil.CHAIN_ID, "--block-time", "1");
    first = new TcpRelay(anvil.uri().getPort());
    second = new TcpRelay(anvil.uri().getPort());
    loops = new EventLoops(Transport.NIO, 1, "streams-test");
    UpstreamNetwork network =
        new UpstreamNetwork(
            ConnectionPolicy.DEFAULT, new UpstreamTls(), LoopResolver::new, (s, f, rtt) -> {});
    pools = new UpstreamPools(loops.loop(0), network, new SplittableRandom(2));
    ChainRouter router = router();
    streams =
        new ChainStreams(
            new ChainStreams.Ports(router::table, this::wires, this::ask),
            new ChainStreams.Surroundings(
                loops.loop(0),
                new SplittableRandom(3),
                StreamObserver.NONE,
                () -> TimeUnit.SECONDS.toNanos(1)),
            new ChainStreams.Outlets(this, this));
    onLoop(
        () -> {
          streams.setUpstreams(
              router.table().upstreams().stream().map(RealNodeStreamsTest::spec).toList(), 0);
          streams.want(ALL);
          streams.start();
        });
  }

  private static ChainRouter router() {
    ChainRouter router =
        new ChainRouter(
            new ChainIdentity("dev", new AtomicInteger()::getAndIncrement),
            RoutingPolicy.DEFAULT,
            new MonotonicClock(),
            new SplittableRandom(1),
            event -> {});
    router.setUpstreams(
        List.of(upstream("first", "aws"), upstream("second", "gcp")), RoutingPolicy.DEFAULT);
    for (String id : List.of("first", "second")) {
      router.onIdentity(id, Identity.VERIFIED);
      router.onHead(id, 1);
    }
    router.setChainHead(1);
    router.tick();
    return router;
  }

  private static UpstreamSpec upstream(String id, String cloud) {
    return new UpstreamSpec(id, List.of(FailureDomain.cloud(cloud)), 100, 0, 100);
  }

  private static StreamSpec spec(Upstream upstream) {
    return new StreamSpec(upstream, UpstreamAddress.parse("ws://127.0.0.1:1", Map.of()), false);
  }

  private int port(String id) {
    return (id.equals("first") ? first : second).port();
  }

  private Wires wires(StreamSpec spec) {
    String url = "ws://127.0.0.1:" + port(spec.upstream().id());
    UpstreamAddress address = UpstreamAddress.parse(url, Map.of());
    return new WebSocketWires(
        new SocketUpgrades(pools.dialer(address), loops.loop(0), TimeUnit.SECONDS.toNanos(5)),
        address.toString());
  }

  private void ask(Upstream upstream, byte[] body, long timeoutNanos, PollPort.Answer answer) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(upstream.id())))
            .timeout(Duration.ofNanos(timeoutNanos))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .whenCompleteAsync(
            (got, cause) -> {
              if (got == null) {
                answer.onFailure(false, String.valueOf(cause));
              } else {
                answer.onAnswer(got.statusCode(), got.body());
              }
            },
            loops.at(0));
  }

  private void onLoop(Runnable task) throws Exception {
    loops.at(0).submit(task).get();
  }

  @AfterEach
  void stop() throws Exception {
    onLoop(streams::close);
    assertTrue(live.isEmpty(), live.toString());
    pools.close();
    loops.close();
    first.close();
    second.close();
    anvil.close();
  }

  @Override
  public void onHead(Upstream by, Header head) {
    live.add(by.id());
    newest.put(by.id(), head.number());
  }

  @Override
  public void onGone(Upstream by) {
    live.remove(by.id());
  }

  @Override
  public void onHeadSeen(Upstream by, Header head) {
    assertTrue(head.number() >= 0);
  }

  @Override
  public void onPending(String hash, @Nullable String json) {
    pending.merge(hash, json == null ? "hash" : json, (a, b) -> "twice");
  }

  private void awaitLive(String... ids) {
    Eventually.holds(() -> "live: " + live, LONG, () -> live.equals(Set.of(ids)));
  }

  private void awaitProgress(String id) {
    long from = newest.getOrDefault(id, -1L);
    Eventually.holds(
        () -> id + " at " + newest, LONG, () -> newest.getOrDefault(id, -1L) >= from + 2);
  }

  @Test
  void headsGoOnThroughResetsRefusalsAndFreezes() {
    awaitLive("first", "second");
    awaitProgress("first");

    first.reset(true);
    awaitLive("second");
    awaitProgress("second");
    first.reset(false);
    awaitLive("first", "second");
    awaitProgress("first");

    second.freeze(true);
    awaitLive("first");
    awaitProgress("first");
    second.freeze(false);
    second.reset(false);
    awaitLive("first", "second");
    awaitProgress("second");
  }

  @Test
  void pendingTransactionsAreToldOnceAndWhole() {
    awaitLive("first", "second");
    awaitProgress("first");
    Map<String, String> transfer =
        Map.of(
            "from", anvil.call("eth_accounts").get(0).asText(),
            "to", anvil.call("eth_accounts").get(1).asText(),
            "value", "0x1");

    String hash = anvil.call("eth_sendTransaction", transfer).asText();

    Eventually.holds(() -> "pending: " + pending, LONG, () -> pending.containsKey(hash));
    String told = String.valueOf(pending.get(hash));
    assertTrue(told.contains("\"value\":\"0x1\""), told);
    awaitProgress("first");
    assertEquals(told, pending.get(hash));
  }
}
