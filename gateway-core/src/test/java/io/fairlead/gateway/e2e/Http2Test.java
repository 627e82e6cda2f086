package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls and WebSocket over HTTP/2 through a whole gateway, next to HTTP/1.1 on the same port. */
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

  @Test
  void aClientThatOffersItGoesOnWithHttp2() throws Exception {
    try (WireScene scene = new WireScene()) {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
      URI rpc = URI.create("http://127.0.0.1:" + scene.rpc().getPort() + "/ethereum");
      String large = '"' + "ab".repeat(100_000) + '"';
      scene.node.on("eth_call", (call, reply) -> reply.json(call.result(large)));
      for (String method : List.of("eth_chainId", "eth_call", "eth_chainId")) {
        String body =
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":[{}]}";
        HttpRequest call =
            HttpRequest.newBuilder(rpc).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = client.send(call, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        String result = method.equals("eth_call") ? large : "\"0x1\"";
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":" + result + "}", answer.body());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: h2c\r\nConnection: Upgrade\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: %%\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade\r\nHTTP2-Settings: AAMAAABk\r\n",
      })
  void anOfferThatIsNotAsItShouldBeIsPassedOver(String fields) throws IOException {
    try (WireScene scene = new WireScene();
        RawClient client = scene.client()) {
      String body = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_chainId\"}";
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\n"
              + fields
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      assertEquals(200, client.read().status());
    }
  }
}
