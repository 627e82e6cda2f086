package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.WebSocketClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients and operators see of subscriptions, before nodes that do as they are told. */
final class SubscriptionsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final PushNode node = new PushNode(1, 64);
  private final PushNode other = new PushNode(1, 64);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<JsonNode> news = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    node.close();
    other.close();
  }

  private static String chain(PushNode... nodes) {
    StringBuilder yaml =
        new StringBuilder(
            "chains:\n  ethereum:\n    chainId: 1\n    blockTime: 1s\n    upstreams:\n");
    for (int i = 0; i < nodes.length; i++) {
      yaml.append(
          String.format(
              Locale.ROOT,
              "      - { id: u%1$d, url: \"%2$s\", ws: \"%3$s\", cloud: c%1$d, region: r }\n",
              i,
              nodes[i].uri(),
              nodes[i].webSocketUri()));
    }
    return yaml.toString();
  }

  private WebSocketClient client(GatewayFixture gateway) {
    return new WebSocketClient(http, gateway.webSocket("/ethereum"), news::add);
  }

  /** Waits for the next notification after so many. */
  private JsonNode next(int after) {
    Eventually.holds(() -> "news after " + after, SOON, () -> news.size() > after);
    return news.get(after);
  }

  @Test
  void headsAreToldUntilTheClientUnsubscribes() {
    try (GatewayFixture gateway = GatewayFixture.start(chain(node));
        WebSocketClient client = client(gateway)) {
      String heads = client.subscribe("newHeads");
      String logs = client.subscribe("logs", Map.of());
      push(node, 1);
      Eventually.holds("both are told", SOON, () -> news.size() == 2);
      assertTrue(client.call("eth_unsubscribe", heads).asBoolean());
      int before = news.size();
      push(node, 3);
      Eventually.holds("the logs are told", SOON, () -> news.size() == before + 3);
      for (JsonNode told : news.subList(before, news.size())) {
        assertEquals(logs, told.get("subscription").asText());
      }
      assertTrue(client.ask("eth_unsubscribe", heads).has("error"), "it is gone already");
    }
  }

  /** Pushes blocks, each after the one before is told. */
  private void push(PushNode from, int blocks) {
    for (int i = 0; i < blocks; i++) {
      int before = news.size();
      from.push();
      next(before);
    }
  }

  @Test
  void oneSubscriptionUpstreamServesAllWhoAskForTheSame() {
    try (GatewayFixture gateway = GatewayFixture.start(chain(node));
        WebSocketClient first = client(gateway)) {
      first.subscribe("newHeads");
      push(node, 1);
      long subscribed = node.count("eth_subscribe");
      List<WebSocketClient> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        WebSocketClient client = client(gateway);
        others.add(client);
        client.subscribe("newHeads");
        client.subscribe("logs", Map.of("address", "0x" + "1".repeat(40)));
      }
      int before = news.size();
      node.push();
      Eventually.holds("all are told", SOON, () -> news.size() == before + 21);
      assertEquals(subscribed, node.count("eth_subscribe"));
      others.forEach(WebSocketClient::close);
    }
  }

  @Test
  void aReloadKeepsConnectionsAndSubscriptions() {
    try (GatewayFixture gateway = GatewayFixture.start(chain(node));
        Admin admin = gateway.admin();
        WebSocketClient client = client(gateway)) {
      String heads = client.subscribe("newHeads");
      push(node, 2);
      gateway.write(chain(node, other));
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
      push(node, 2);
      catchUp();
      gateway.write(chain(other));
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
      Eventually.holds("the other is listened to", SOON, () -> isTold(other));
      for (JsonNode told : news) {
        assertEquals(heads, told.get("subscription").asText());
      }
      assertLinked(news);
      assertFalse(client.ending().isDone());
    }
  }

  @Test
  void drainingAnUpstreamMovesWhatWasSubscribedThere() {
    try (GatewayFixture gateway = GatewayFixture.start(chain(node, other));
        Admin admin = gateway.admin();
        WebSocketClient client = client(gateway)) {
      client.subscribe("newHeads");
      push(node, 1);
      assertEquals(1, node.followers());
      catchUp();
      admin.calls().drain(DrainRequest.newBuilder().setTarget("u0").setReason("works").build());
      Eventually.holds("the other is listened to", SOON, () -> isTold(other));
      Eventually.holds("the drained one is left", SOON, () -> node.followers() == 0);
      assertLinked(news);
      assertFalse(client.ending().isDone());
    }
  }

  /** Brings the other node to the height of the first. */
  private void catchUp() {
    long told = Long.decode(news.get(news.size() - 1).get("result").get("number").asText());
    while (other.head() < told) {
      other.push();
    }
  }

  private boolean isTold(PushNode by) {
    int before = news.size();
    by.push();
    CompletableFuture<Void> moment = new CompletableFuture<>();
    moment.completeOnTimeout(null, 100, TimeUnit.MILLISECONDS).join();
    return news.size() > before;
  }

  private static void assertLinked(List<JsonNode> told) {
    for (int i = 1; i < told.size(); i++) {
      assertEquals(
          told.get(i - 1).get("result").get("hash"), told.get(i).get("result").get("parentHash"));
    }
  }

  @Test
  void terminationAnswersWhatIsUnderWayAndThenSaysThatItGoesAway(@TempDir Path dir)
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger held = new AtomicInteger();
    try (StubNode stub = new StubNode("stub", 1)) {
      stub.on(
          "eth_getBalance",
          (call, reply) -> {
            held.incrementAndGet();
            GatewayFixture.await(release);
            reply.json(call.result("\"late\""));
          });
      String yaml =
          String.format(
              Locale.ROOT,
              """
              cache: off
              routing: { hedge: off, timeout: 30s }
              chains:
                ethereum: { chainId: 1, upstreams: [ { id: u, url: "%s" } ] }
              """,
              stub.uri());
      try (GatewayProcess gateway = new GatewayProcess(dir, yaml);
          WebSocketClient client =
              new WebSocketClient(http, gateway.webSocket("/ethereum"), news::add)) {
        client.subscribe("newHeads");
        CompletableFuture<String> answer =
            client.send(
                "\"a\"",
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}");
        Eventually.holds("in flight", SOON, () -> held.get() > 0);
        gateway.signal("TERM");
        Eventually.holds("readiness is off", SOON, () -> gateway.ops("/readyz") != 200);
        assertFalse(client.ending().isDone());
        release.countDown();
        assertTrue(WebSocketClient.await(answer).contains("late"));
        assertEquals(1001, WebSocketClient.await(client.ending()).code());
        assertEquals(0, gateway.await(), gateway::log);
      }
    }
  }

  @Test
  void callsHaveTheSameBytesOverWebSocketAsOverHttp() throws IOException {
    List<String> calls =
        List.of(
            call("1", "eth_chainId", "[]"),
            call("\"x\\u0041\"", "eth_blockNumber", "[]"),
            call("12345678901234567890", "eth_getBlockByNumber", "[\"0x10\",false]"),
            call("0", "eth_getBalance", "[\"0x1\",\"latest\"]"),
            call("null", "eth_getBlockByNumber", "[\"0xffffff\",false]"),
            call("7", "eth_sign", "[]"),
            call("8", "no_such_method", "[]"),
            "[" + call("1", "net_version", "[]") + "," + call("2", "eth_accounts", "[]") + "]",
            "[]",
            "{\"id\":1}",
            "not JSON");
    try (GatewayFixture gateway = GatewayFixture.start(chain(node));
        RawClient raw = gateway.client();
        WebSocketClient client = client(gateway)) {
      for (String call : calls) {
        assertEquals(
            raw.call("/ethereum", call).text(), WebSocketClient.await(client.exchange(call)));
      }
    }
  }

  private static String call(String id, String method, String params) {
    return String.format(
        Locale.ROOT,
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}",
        id,
        method,
        params);
  }
}
