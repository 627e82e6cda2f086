package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RawClient;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** WebSocket over HTTP/2 through a whole gateway, next to HTTP/1.1 on the same port. */
final class Http2Test {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static GatewayFixture gatewayBefore(PushNode node) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            chains:
              ethereum:
                chainId: 1
                blockTime: 1s
                upstreams:
                  - { id: one, url: "%s", ws: "%s", cloud: aws, region: a }
            """,
            node.uri(),
            node.webSocketUri()));
  }

  private static JsonNode ask(Http2Client.Stream socket, String method, String params)
      throws IOException {
    socket.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
    return JSON.readTree(socket.read().text()).get("result");
  }

  @Test
  void callsAndSubscriptionsGoOverStreamsOfOneConnection() throws IOException {
    try (PushNode node = new PushNode(1, 64);
        GatewayFixture gateway = gatewayBefore(node);
        Http2Client client = new Http2Client(gateway.rpcAddress());
        RawClient http1 = gateway.client()) {
      Http2Client.Stream heads = client.openWebSocket("/ethereum");
      Http2Client.Stream calls = client.openWebSocket("/");
      assertEquals("0x1", ask(calls, "eth_chainId", "[]").asText());
      String id = ask(heads, "eth_subscribe", "[\"newHeads\"]").asText();
      node.push();
      JsonNode told = JSON.readTree(heads.read().text());
      assertEquals("eth_subscription", told.get("method").asText());
      assertEquals(id, told.get("params").get("subscription").asText());
      assertEquals("0x1", ask(calls, "eth_chainId", "[]").asText());
      String chainId = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_chainId\"}";
      assertEquals(200, http1.call("/ethereum", chainId).status());
    }
  }
}
