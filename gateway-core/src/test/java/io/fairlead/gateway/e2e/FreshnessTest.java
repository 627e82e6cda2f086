package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client was told of the chain holds, whichever node answers next. */
class FreshnessTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String HASH = "0x" + "7".repeat(64);

  private final StubNode ahead = new StubNode("ahead", 1);
  private final StubNode behind = new StubNode("behind", 1);

  @BeforeEach
  void begin() {
    set(ahead, 101);
    set(behind, 100);
  }

  @AfterEach
  void stop() {
    ahead.close();
    behind.close();
  }

  /** A node at a block; state is the number of the block that it is read at. */
  private static void set(StubNode node, long head) {
    node.head(head);
    node.on(
        "eth_getBalance",
        (call, reply) -> {
          String block = call.json().at("/params/1").asText("latest");
          long number = block.equals("latest") ? head : Long.decode(block);
          reply.json(
              number > head
                  ? call.error("{\"code\":-32000,\"message\":\"header not found\"}")
                  : call.result("\"0x" + Long.toHexString(number) + '"'));
        });
  }

  private GatewayFixture gateway() {
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                routing: { bias: 0, hedge: off }
                chains:
                  ethereum:
                    chainId: 1
                    blockTime: 1s
                    upstreams:
                      - { id: ahead, url: "%s", cloud: aws, region: a }
                      - { id: behind, url: "%s", cloud: gcp, region: b }
                """,
                ahead.uri(),
                behind.uri()));
    gateway.awaitServing("ethereum", 2, SOON);
    return gateway;
  }

  private static String call(String method, String params) {
    return ("{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':" + params + "}")
        .replace('\'', '"');
  }

  private static String height(RawClient client, String path) throws IOException {
    return client.call(path, call("eth_blockNumber", "[]")).text();
  }

  private static boolean isTold101(RawClient client, String path) {
    try {
      return height(client, path).contains("\"0x65\"");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ethereum", "/ethereum/some-key"})
  void theHeadNeverGoesBackAcrossAFailover(String path) throws IOException {
    try (GatewayFixture gateway = gateway();
        RawClient first = gateway.client();
        RawClient second = gateway.client()) {
      Eventually.holds("the newest block is told", SOON, () -> isTold101(first, path));
      for (int i = 0; i < 20; i++) {
        assertTrue(height(second, path).contains("\"0x65\""), "another connection, call " + i);
      }
      ahead.refuse();
      for (int i = 0; i < 20; i++) {
        assertTrue(height(i % 2 == 0 ? first : second, path).contains("\"0x65\""), "call " + i);
      }
      assertTrue(height(first, "/ethereum/stranger").contains("\"0x64\""));
    }
  }

  @Test
  void stateIsNeverOlderThanTheHeadThatWasTold() throws IOException {
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      Eventually.holds("the newest block is told", SOON, () -> isTold101(client, "/ethereum"));
      for (String params : new String[] {"['0xa','latest']", "['0xa']"}) {
        for (int i = 0; i < 20; i++) {
          String text = client.call("/ethereum", call("eth_getBalance", params)).text();
          assertTrue(text.contains("\"0x65\""), text);
        }
      }
      ahead.refuse();
      Answer none = client.call("/ethereum", call("eth_getBalance", "['0xa','latest']"));
      assertEquals(503, none.status());
      assertTrue(none.text().contains("-32002"), none.text());
      assertTrue(none.text().contains("known to have block 101"), none.text());
      set(behind, 101);
      String text = client.call("/ethereum", call("eth_getBalance", "['0xa','latest']")).text();
      assertTrue(text.contains("\"0x65\""), text);
    }
  }

  @Test
  void aNullIsAskedAgainElsewhereBeforeItIsBelieved() throws IOException {
    String receipt = "{\"blockNumber\":\"0x64\",\"blockHash\":\"0x1\"}";
    ahead.on("eth_getTransactionReceipt", (call, reply) -> reply.json(call.result("null")));
    behind.on("eth_getTransactionReceipt", (call, reply) -> reply.json(call.result(receipt)));
    String body = call("eth_getTransactionReceipt", "['" + HASH + "']");
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        String text = client.call("/ethereum/key" + i, body).text();
        assertTrue(text.contains(receipt), text);
      }
      behind.on("eth_getTransactionReceipt", (call, reply) -> reply.json(call.result("null")));
      String text = client.call("/ethereum/late", body).text();
      assertTrue(text.contains("\"result\":null"), text);
    }
  }

  @Test
  void aLiarFarAheadIsNotBelieved() throws IOException {
    ahead.on("eth_blockNumber", (call, reply) -> reply.json(call.result("\"0xffffff\"")));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        assertTrue(height(client, "/ethereum").contains("\"0x64\""), "call " + i);
      }
    }
  }

  @Test
  void logsGoToWhoeverHasTheirBlocks() throws IOException {
    ahead.on("eth_getLogs", (call, reply) -> reply.json(call.result("[\"ahead\"]")));
    behind.on("eth_getLogs", (call, reply) -> reply.json(call.result("[\"behind\"]")));
    String body = call("eth_getLogs", "[{'fromBlock':'0x60','toBlock':'0x65'}]");
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      Eventually.holds("the newest block is told", SOON, () -> isTold101(client, "/ethereum"));
      for (int i = 0; i < 20; i++) {
        assertTrue(client.call("/ethereum", body).text().contains("ahead"), "call " + i);
      }
      assertNotEquals(0, ahead.count("eth_getLogs"));
      assertEquals(0, behind.count("eth_getLogs"));
    }
  }
}
