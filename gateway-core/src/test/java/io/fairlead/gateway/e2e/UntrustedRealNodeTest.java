package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A real node and one that passes on its answers, true or changed. */
@RequiresNode
final class UntrustedRealNodeTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<String> METHODS =
      List.of("eth_getBlockByNumber", "eth_getBlockByHash", "eth_getBlockReceipts", "eth_call");

  private volatile boolean isLying;

  @Test
  void realBlocksAreVerifiedAndAChangedOneIsCaughtByItsHash() throws IOException {
    try (Anvil anvil = Anvil.start();
        StubNode stranger = new StubNode("stranger", Anvil.CHAIN_ID)) {
      anvil.mine(80);
      stranger.head(80);
      for (String method : METHODS) {
        stranger.on(method, (call, reply) -> reply.json(call.result(relay(anvil, call.json()))));
      }
      try (GatewayFixture gateway = gateway(anvil, stranger);
          RawClient client = gateway.client()) {
        Eventually.holds("both are known", SOON, () -> known(gateway) == 2);
        String hash = anvil.call("eth_getBlockByNumber", "0x5", false).path("hash").asText();
        String byHash = "\"method\":\"eth_getBlockByHash\",\"params\":[\"" + hash + "\",false]";
        String byNumber = "\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x5\",true]";
        String receipts = "\"method\":\"eth_getBlockReceipts\",\"params\":[\"0x5\"]";
        for (String rest : List.of(byNumber, byHash, receipts)) {
          assertFalse(call(client, rest).has("error"), rest);
        }
        String metrics = gateway.ops("/metrics");
        assertTrue(metrics.contains("result=\"agreed\",} 3.0"), metrics);
        isLying = true;
        JsonNode block = call(client, byHash).path("result");
        assertEquals(anvil.call("eth_getBlockByHash", hash, false), block);
        Eventually.holds(
            "it is put out", SOON, () -> gateway.ops("/").contains("hash is not that of its"));
      }
    }
  }

  /** How many upstreams are known to be at the head and on the chain. */
  private static long known(GatewayFixture gateway) {
    List<String> lines = gateway.ops("/metrics").lines().toList();
    long current = lines.stream().filter(l -> l.endsWith("state=\"current\",} 1.0")).count();
    long atHead =
        lines.stream()
            .filter(l -> l.startsWith("fairlead_upstream_head_block") && l.endsWith("} 80.0"))
            .count();
    return Math.min(current, atHead);
  }

  private String relay(Anvil anvil, JsonNode call) {
    Object[] params = new Object[call.path("params").size()];
    for (int i = 0; i < params.length; i++) {
      params[i] = call.path("params").get(i);
    }
    JsonNode result = anvil.call(call.path("method").asText(), params);
    if (isLying && result instanceof ObjectNode block && block.has("stateRoot")) {
      block.put("gasUsed", "0x1234");
    }
    return result.toString();
  }

  private static JsonNode call(RawClient client, String rest) throws IOException {
    String body = "{\"jsonrpc\":\"2.0\",\"id\":1," + rest + "}";
    return WireScene.json(client.call("/dev", body));
  }

  private static GatewayFixture gateway(Anvil anvil, StubNode stranger) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            cache: off
            chains:
              dev:
                chainId: %d
                verify: { quorum: 2 }
                upstreams:
                  - { id: stranger, url: "%s", cloud: home, kind: community }
                  - { id: anvil, url: "%s", cloud: aws, tier: 1 }
            """,
            Anvil.CHAIN_ID,
            stranger.uri(),
            anvil.uri()));
  }
}
