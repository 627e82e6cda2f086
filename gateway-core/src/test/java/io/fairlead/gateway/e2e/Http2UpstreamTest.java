package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireProxy;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that speaks HTTP/2 to its upstreams, each of which is a gateway before a node. */
@Timeout(120)
final class Http2UpstreamTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** A call that may be sent twice, to two upstreams. */
  private static final String READ = "eth_getBalance";

  /** A call that fails rather than being sent twice. */
  private static final String ONCE = "acme_pay";

  private static final int AT_ONCE = 64;
  private static final int LOOPS = Runtime.getRuntime().availableProcessors();
  private static final int MOST_CONNECTIONS_PER_LOOP = 2;
  private static final int BIG = 16_000_000;
  private static final int SMALL_WINDOW = 16 * 1024;

  private final StubNode node = new StubNode("node", 1);
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(node));
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("clients", true));

  Http2UpstreamTest() {
    node.on(READ, (call, reply) -> reply.json(echo(call)));
    node.on(ONCE, (call, reply) -> reply.json(echo(call)));
  }

  private static String echo(StubNode.Call call) {
    return call.result(call.json().at("/params/0").toString());
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  /** A gateway before the node, where no call waits behind another. */
  private GatewayFixture behind() {
    String upstream = "{ id: node, pipelining: false, url: \"" + node.uri() + "\" }";
    return open(GatewayFixture.start(chain(upstream)));
  }

  private static String chain(String upstreams) {
    return String.format(
        Locale.ROOT,
        """
        routing: { timeout: 30s }
        chains:
          c:
            chainId: 1
            methods:
              allow: ["debug_*"]
              define: { %s: { repeatable: false, head: never, access: open } }
            upstreams: [ %s ]
        """,
        ONCE,
        upstreams);
  }

  private static String upstream(String id, int port) {
    return String.format(
        Locale.ROOT,
        "{ id: %s, url: \"http://127.0.0.1:%d/c\", cloud: %s, region: %s, http2: prior-knowledge }",
        id,
        port,
        id,
        id);
  }

  /** The gateway before others. */
  private GatewayFixture before(String... upstreams) {
    GatewayFixture gateway = open(GatewayFixture.start(chain(String.join(", ", upstreams))));
    gateway.awaitServing("c", upstreams.length, SOON);
    return gateway;
  }

  private EchoLoad load(GatewayFixture gateway, String method) {
    return new EchoLoad(gateway, method, threads);
  }

  /** So many calls at once, each of a client of its own. */
  private List<RawClient> ask(GatewayFixture gateway, String method, int calls) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      clients.add(open(gateway.client()));
      clients.get(i).post("/c", EchoLoad.call(method, "0x" + i));
    }
    return clients;
  }

  private static void expectAnswers(List<RawClient> clients) throws IOException {
    for (int i = 0; i < clients.size(); i++) {
      assertEquals(EchoLoad.answer("0x" + i), clients.get(i).read().text());
    }
  }

  @Test
  void manyCallsAtOnceShareFewConnectionsAndGetTheirOwnAnswers() throws IOException {
    WireProxy wire = open(new WireProxy(behind().rpc("/c")));
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(AT_ONCE);
    node.on(
        ONCE,
        (call, reply) -> {
          most.accumulateAndGet(wire.connections(), Math::max);
          all.countDown();
          GatewayFixture.await(all);
          reply.json(echo(call));
        });
    GatewayFixture gateway = before(upstream("one", wire.uri().getPort()));
    expectAnswers(ask(gateway, ONCE, AT_ONCE));
    int allowed = MOST_CONNECTIONS_PER_LOOP * LOOPS;
    assertTrue(most.get() <= allowed, () -> most + " connections");
  }

  @Test
  void aBigAnswerThatIsReadSlowlyHoldsUpNoSmallOne() throws IOException {
    AtomicLong sent = new AtomicLong();
    node.on(
        "debug_traceTransaction",
        (call, reply) -> {
          byte[] start =
              "{\"jsonrpc\":\"2.0\",\"id\":\"0x1\",\"result\":\"".getBytes(StandardCharsets.UTF_8);
          byte[] chunk = new byte[50_000];
          Arrays.fill(chunk, (byte) 'a');
          reply.head(200, Map.of("Content-Type", "application/json"), start.length + BIG + 2);
          reply.write(start, start.length);
          for (int at = 0; at < BIG; at += chunk.length) {
            reply.write(chunk, chunk.length);
            sent.addAndGet(chunk.length);
          }
          reply.write("\"}".getBytes(StandardCharsets.UTF_8), 2);
        });
    WireProxy wire = open(new WireProxy(behind().rpc("/c")));
    GatewayFixture gateway = before(upstream("one", wire.uri().getPort()));
    try (RawClient slow = new RawClient(gateway.rpcAddress(), SMALL_WINDOW)) {
      slow.post("/c", EchoLoad.call("debug_traceTransaction", "0x1"));
      Eventually.holds("the answer has begun", SOON, () -> sent.get() > 0);
      EchoLoad small = load(gateway, ONCE);
      small.awaitMore();
      small.end();
      assertTrue(sent.get() < BIG, "the node could send all of it");
      assertTrue(wire.connections() <= LOOPS, "they needed further connections");
      Answer head = slow.readHead();
      assertEquals(200, head.status());
      assertEquals(BIG, letters(slow.body(head)));
    }
  }

  private static long letters(InputStream body) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long quotes = 0;
    long letters = 0;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      for (int i = 0; i < count; i++) {
        quotes += buffer[i] == '"' ? 1 : 0;
        letters += buffer[i] == 'a' ? 1 : 0;
      }
    }
    assertTrue(quotes > 0, "no JSON");
    return letters;
  }

  /** The gateway before one that is to fail, and two others. */
  private GatewayFixture beforeThree(int port) {
    int others = behind().rpcAddress().getPort();
    return before(upstream("one", port), upstream("two", others), upstream("three", others));
  }

  @Test
  void noCallFailsOrIsSentTwiceWhenAServerGoesAwayInGoodOrder() throws Exception {
    GatewayFixture leaving = behind();
    GatewayFixture gateway = beforeThree(leaving.rpcAddress().getPort());
    EchoLoad load = load(gateway, ONCE);
    load.awaitMore();
    Future<?> end = threads.submit(() -> leaving.shutdown(SOON.multipliedBy(2)));
    end.get(SOON.toSeconds(), TimeUnit.SECONDS); // once its streams have ended, not by its grace
    load.awaitMore();
    load.end();
    assertEquals(load.right(), node.count(ONCE), "calls that reached the node");
  }

  @Test
  void noCallFailsWhenAServerEndsAndBeginsAgain() {
    WireProxy wire = open(new WireProxy(behind().rpc("/c")));
    GatewayFixture gateway = beforeThree(wire.uri().getPort());
    EchoLoad load = load(gateway, READ);
    load.awaitMore();
    wire.set(WireFault.of(WireFault.Kind.REFUSE));
    load.awaitMore();
    wire.heal();
    gateway.awaitServing("c", 3, SOON);
    load.awaitMore();
    load.end();
    assertTrue(wire.connections() > 0, "nobody came back");
  }

  @Test
  void noCallFailsWhenAWireFreezesAndItsConnectionsAreGivenUp() {
    WireProxy wire = open(new WireProxy(behind().rpc("/c")));
    GatewayFixture gateway = beforeThree(wire.uri().getPort());
    EchoLoad load = load(gateway, READ);
    load.awaitMore();
    int carrying = wire.connections() - wire.leftByClients();
    wire.set(WireFault.of(WireFault.Kind.DROP));
    load.awaitMore();
    load.end();
    Eventually.holds(
        () -> "given up " + wire.leftByClients() + " of " + carrying,
        SOON,
        () -> wire.leftByClients() >= carrying);
  }
}
