package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters through sockets, while nodes come and go and the chain is reorganised. */
final class FilterTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private final List<StubNode> nodes = new ArrayList<>();
  private final List<GatewayFixture> gateways = new ArrayList<>();

  @AfterEach
  void stop() {
    gateways.forEach(GatewayFixture::close);
    nodes.forEach(StubNode::close);
  }

  private GatewayFixture start(FilterChain chain) {
    nodes.add(chain.node("one"));
    nodes.add(chain.node("two"));
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                routing: { bias: 0 }
                chains:
                  ethereum:
                    chainId: 1
                    blockTime: 1s
                    upstreams:
                      - { id: one, url: "%s", cloud: aws }
                      - { id: two, url: "%s", cloud: gcp }
                """,
                nodes.get(0).uri(),
                nodes.get(1).uri()));
    gateways.add(gateway);
    gateway.awaitServing("ethereum", 2, SOON);
    return gateway;
  }

  private static JsonNode call(GatewayFixture gateway, String method, String params)
      throws IOException {
    try (RawClient client = gateway.client()) {
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\""
              + method
              + "\",\"params\":["
              + params
              + "]}";
      JsonNode answer = LogLedger.parse(client.call("/", body).text());
      assertEquals("x", answer.get("id").asText());
      return answer;
    }
  }

  private static JsonNode result(GatewayFixture gateway, String method, String params)
      throws IOException {
    JsonNode answer = call(gateway, method, params);
    assertTrue(answer.has("result"), answer.toString());
    return answer.get("result");
  }

  /** A client that believes what it is told. */
  private static final class Believer {
    private final Set<String> logs = new LinkedHashSet<>();
    private final GatewayFixture gateway;
    private final String id;

    Believer(GatewayFixture gateway) throws IOException {
      this.gateway = gateway;
      this.id = result(gateway, "eth_newFilter", "{\"address\":[]}").toString();
    }

    /** A poll that fails, as when nobody is there, must not have lost anything. */
    void poll(String what) throws IOException {
      for (JsonNode log : call(gateway, "eth_getFilterChanges", id).path("result")) {
        if (log.get("removed").asBoolean()) {
          String taken = log.toString().replace("\"removed\":true", "\"removed\":false");
          assertTrue(logs.remove(taken), what + ": taken back without having been told: " + taken);
        } else {
          assertTrue(logs.add(log.toString()), what + ": told twice: " + log);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void noLogIsLostOrToldTwiceWhateverHappens(long seed) throws IOException {
    Random random = new Random(seed);
    FilterChain chain = new FilterChain(random, 50);
    GatewayFixture gateway = start(chain);
    Believer client = new Believer(gateway);
    for (int step = 0; step < 40; step++) {
      String what = "seed " + seed + ", step " + step;
      switch (random.nextInt(6)) {
        case 0, 1 -> chain.mine(1);
        case 2 -> chain.mine(2 + random.nextInt(5));
        case 3 -> chain.reorganise(1 + random.nextInt(3), 1);
        case 4 -> {
          boolean isFirst = random.nextBoolean();
          chain.setDead("one", isFirst);
          chain.setDead("two", !isFirst);
        }
        default -> {
          chain.setDead("one", false);
          chain.setDead("two", false);
        }
      }
      client.poll(what);
    }
    chain.mine(1);
    chain.setDead("one", false);
    chain.setDead("two", false);
    Eventually.holds(
        () ->
            "seed "
                + seed
                + ": all is told; differs by "
                + difference(chain.logsAfter(50), client.logs),
        SOON,
        () -> polled(client).equals(chain.logsAfter(50)));
  }

  private static Set<String> polled(Believer client) {
    try {
      client.poll("at the end");
      return client.logs;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> difference(Set<String> all, Set<String> told) {
    Set<String> rest = new LinkedHashSet<>(all);
    rest.removeAll(told);
    return rest;
  }

  @Test
  void aBlockFilterTellsEachBlockOnceInOrder() throws IOException {
    FilterChain chain = new FilterChain(new Random(1), 10);
    GatewayFixture gateway = start(chain);
    String id = result(gateway, "eth_newBlockFilter", "").toString();
    List<String> told = new ArrayList<>();
    chain.mine(1);
    result(gateway, "eth_getFilterChanges", id).forEach(hash -> told.add(hash.toString()));
    nodes.get(0).refuse();
    chain.mine(20);
    result(gateway, "eth_getFilterChanges", id).forEach(hash -> told.add(hash.toString()));
    assertEquals(0, result(gateway, "eth_getFilterChanges", id).size());
    assertEquals(chain.hashesAfter(10), told);
    List<String> before = chain.hashesAfter(29);
    chain.reorganise(2, 1);
    List<String> again = new ArrayList<>();
    result(gateway, "eth_getFilterChanges", id).forEach(hash -> again.add(hash.toString()));
    assertEquals(chain.hashesAfter(29), again);
    assertNotEquals(before, again);
  }

  @Test
  void blocksOfTwoForksAreNeverToldTogether() throws IOException {
    FilterChain chain = new FilterChain(new Random(2), 10);
    GatewayFixture gateway = start(chain);
    String id = result(gateway, "eth_newBlockFilter", "").toString();
    chain.mine(5);
    chain.reorganiseWhenAskedFor(13);
    List<String> told = new ArrayList<>();
    result(gateway, "eth_getFilterChanges", id).forEach(hash -> told.add(hash.toString()));
    result(gateway, "eth_getFilterChanges", id).forEach(hash -> told.add(hash.toString()));
    assertEquals(chain.hashesAfter(10), told);
  }

  @Test
  void aPendingFilterMovesWhenItsUpstreamHasLostIt() throws IOException {
    FilterChain chain = new FilterChain(new Random(1), 10);
    GatewayFixture gateway = start(chain);
    for (StubNode node : nodes) {
      node.on(
          "eth_newPendingTransactionFilter",
          (call, reply) -> reply.json(call.result("\"0x" + nodes.indexOf(node) + "\"")));
      node.on(
          "eth_getFilterChanges",
          (call, reply) -> {
            String asked = call.json().get("params").get(0).asText();
            assertEquals("0x" + nodes.indexOf(node), asked);
            reply.json(call.result("[\"" + asked + "\"]"));
          });
    }
    String id = result(gateway, "eth_newPendingTransactionFilter", "").toString();
    String first = result(gateway, "eth_getFilterChanges", id).get(0).asText();
    for (int i = 0; i < 12; i++) {
      assertEquals(first, result(gateway, "eth_getFilterChanges", id).get(0).asText());
    }
    nodes.get(Integer.decode(first)).refuse();
    assertEquals(0, result(gateway, "eth_getFilterChanges", id).size());
    String second = result(gateway, "eth_getFilterChanges", id).get(0).asText();
    assertNotEquals(first, second);
    assertTrue(result(gateway, "eth_uninstallFilter", id).asBoolean());
  }

  @Test
  void anIdIsKnownOnAllConnectionsUntilItIsRemoved() throws IOException {
    FilterChain chain = new FilterChain(new Random(1), 10);
    GatewayFixture gateway = start(chain);
    String id = result(gateway, "eth_newFilter", "{\"fromBlock\":\"0x2\"}").toString();
    for (int i = 0; i < 8; i++) {
      assertEquals(0, result(gateway, "eth_getFilterChanges", id).size());
    }
    assertEquals(chain.logsAfter(1).size(), result(gateway, "eth_getFilterLogs", id).size());
    assertTrue(result(gateway, "eth_uninstallFilter", id).asBoolean());
    assertTrue(!result(gateway, "eth_uninstallFilter", id).asBoolean());
    JsonNode gone = call(gateway, "eth_getFilterChanges", id).get("error");
    assertEquals("{\"code\":-32000,\"message\":\"filter not found\"}", gone.toString());
    assertTrue(call(gateway, "eth_getFilterLogs", id).has("error"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"address\":\"0x12\"}",
        "{\"topics\":[\"0x12\"]}",
        "{\"topics\":\"0x12\"}",
        "{\"fromBlock\":\"x\"}",
        "{\"fromBlock\":\"0x5\",\"toBlock\":\"0x4\"}",
        "5"
      })
  void whatNoNodeWouldTakeIsRefusedAtOnce(String criteria) throws IOException {
    GatewayFixture gateway = start(new FilterChain(new Random(1), 10));
    JsonNode error = call(gateway, "eth_newFilter", criteria).get("error");
    assertEquals(-32602, error.get("code").asInt());
  }

  @Test
  void filtersWorkInsideBatches() throws IOException {
    FilterChain chain = new FilterChain(new Random(1), 10);
    GatewayFixture gateway = start(chain);
    String one = result(gateway, "eth_newBlockFilter", "").toString();
    String two = result(gateway, "eth_newFilter", "{}").toString();
    chain.mine(2);
    try (RawClient client = gateway.client()) {
      String body =
          String.format(
              Locale.ROOT,
              "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getFilterChanges\",\"params\":[%s]},"
                  + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_getFilterChanges\",\"params\":[%s]}]",
              one,
              two);
      JsonNode answers = LogLedger.parse(client.call("/", body).text());
      assertEquals(2, answers.get(0).get("result").size());
      assertEquals(chain.logsAfter(10).size(), answers.get(1).get("result").size());
    }
  }
}
