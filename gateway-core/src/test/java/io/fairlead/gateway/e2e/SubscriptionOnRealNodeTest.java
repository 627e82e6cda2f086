package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Counter;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RequiresNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions through the gateway to a real node, pushed and polled. */
@RequiresNode
class SubscriptionOnRealNodeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Anvil anvil;

  @BeforeEach
  void start() {
    anvil = Anvil.start();
  }

  @AfterEach
  void stop() {
    anvil.close();
  }

  private GatewayFixture gateway(boolean pushes) {
    URI node = anvil.uri();
    String ws = pushes ? ", ws: \"ws://127.0.0.1:" + node.getPort() + "\"" : "";
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            chains:
              ethereum:
                chainId: 31337
                blockTime: 1s
                upstreams:
                  - { id: node, url: "%s", cloud: aws, region: eu-1%s }
            """,
            node,
            ws));
  }

  private String deploy() {
    return send("", Counter.bytecode()).path("contractAddress").asText();
  }

  private JsonNode send(String to, String data) {
    String from = anvil.call("eth_accounts").get(0).asText();
    Map<String, String> transaction =
        to.isEmpty()
            ? Map.of("from", from, "data", data, "gas", "0x7a120")
            : Map.of("from", from, "to", to, "data", data, "gas", "0x7a120");
    String hash = anvil.call("eth_sendTransaction", transaction).asText();
    Eventually.holds(
        "a receipt", LIMIT, () -> anvil.call("eth_getTransactionReceipt", hash).isObject());
    return anvil.call("eth_getTransactionReceipt", hash);
  }

  @Test
  void everyBlockIsToldInOrderWhenItIsPushed() {
    assertHeads(true);
  }

  @Test
  void everyBlockIsToldInOrderWhenItIsPolledFor() {
    assertHeads(false);
  }

  private void assertHeads(boolean pushes) {
    try (GatewayFixture gateway = gateway(pushes);
        PushClient client = new PushClient(gateway.rpc("/"))) {
      String id = client.subscribe("[\"newHeads\"]");
      long first = anvil.blockNumber() + 1;
      for (int i = 0; i < 5; i++) {
        anvil.mine(3);
      }
      Eventually.holds(
          () -> "15 heads, not " + client.told(id), LIMIT, () -> client.told(id).size() >= 15);
      List<JsonNode> heads = client.told(id);
      for (int i = 0; i < 15; i++) {
        JsonNode block =
            anvil.call("eth_getBlockByNumber", "0x" + Long.toHexString(first + i), false);
        assertEquals(block.get("hash"), heads.get(i).get("hash"), "block " + (first + i));
        assertEquals(block.get("parentHash"), heads.get(i).get("parentHash"));
      }
      assertEquals(15, heads.size());
    }
  }

  @Test
  void logsOfAFilterAreToldOnce() {
    try (GatewayFixture gateway = gateway(true);
        PushClient client = new PushClient(gateway.rpc("/"))) {
      String contract = deploy();
      String id = client.subscribe("[\"logs\",{\"address\":\"" + contract + "\"}]");
      for (int i = 0; i < 5; i++) {
        send(contract, Counter.INCREMENT);
      }
      Eventually.holds("5 logs", LIMIT, () -> client.told(id).size() >= 5);
      JsonNode all = anvil.call("eth_getLogs", Map.of("address", contract, "fromBlock", "0x0"));
      assertEquals(5, all.size());
      for (int i = 0; i < 5; i++) {
        assertEquals(all.get(i), client.told(id).get(i));
      }
      assertEquals(
          "true", client.call("eth_unsubscribe", "[\"" + id + "\"]").get("result").asText());
      send(contract, Counter.INCREMENT);
      String heads = client.subscribe("[\"newHeads\"]");
      anvil.mine(1);
      Eventually.holds("a head", LIMIT, () -> !client.told(heads).isEmpty());
      assertEquals(5, client.told(id).size());
    }
  }

  @Test
  void pendingTransactionsAreTold() {
    try (GatewayFixture gateway = gateway(true);
        PushClient client = new PushClient(gateway.rpc("/"))) {
      String id = client.subscribe("[\"newPendingTransactions\"]");
      Eventually.holds(
          "a hash",
          LIMIT,
          () -> {
            deploy();
            return !client.told(id).isEmpty();
          });
      assertTrue(client.told(id).get(0).asText().matches("0x[0-9a-f]{64}"));
    }
  }
}
