package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls over WebSocket, each routed like one over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WebSocketTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final WireScene scene = new WireScene();

  @AfterAll
  void stop() {
    scene.close();
  }

  private RawWebSocket open(String... fields) throws IOException {
    return RawWebSocket.open(scene.client(), "/ethereum", fields);
  }

  private static JsonNode next(RawWebSocket socket) throws IOException {
    return JSON.readTree(socket.readMessage());
  }

  @Test
  void theHandshakeIsTheOneOfTheStandard() throws IOException {
    try (RawClient client = scene.client()) {
      Answer answer = new RawWebSocket(client).ask("/ethereum", "Origin: https://any.example");
      assertEquals(101, answer.status());
      assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.header("sec-websocket-accept"));
      assertEquals("websocket", answer.header("upgrade"));
      assertEquals("Upgrade", answer.header("connection"));
      assertEquals("", answer.header("sec-websocket-extensions"));
    }
  }

  @Test
  void theSamePathsAreServedAsOverHttp() throws IOException {
    for (String path : new String[] {"/", "/ethereum", "/ethereum/", "/ethereum/key", "/?a=b"}) {
      try (RawWebSocket socket = RawWebSocket.open(scene.client(), path)) {
        socket.send(rpc("1", BALANCE));
        assertEquals("node", next(socket).get("result").asText(), path);
      }
    }
    try (RawClient client = scene.client()) {
      Answer answer = new RawWebSocket(client).ask("/solana");
      assertEquals(404, answer.status());
      assertTrue(answer.text().contains("/ethereum"), answer.text());
    }
  }

  @Test
  void aClientOfTheJdkCallsAndLeaves() throws Exception {
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          private final StringBuilder text = new StringBuilder();

          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
              got.add(text.toString());
              text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
          }

          @Override
          public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            got.add("closed " + code);
            return WebSocket.Listener.super.onClose(socket, code, reason);
          }
        };
    URI uri = URI.create("ws://127.0.0.1:" + scene.rpc().getPort() + "/ethereum");
    WebSocket socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, listener).join();
    socket.sendText(rpc("\"\u00e4\"", BALANCE), true).join();
    JsonNode answer = JSON.readTree(got.poll(30, TimeUnit.SECONDS));
    assertEquals("\u00e4", answer.get("id").asText());
    assertEquals("node", answer.get("result").asText());
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    assertEquals("closed 1000", got.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void answersOvertakeEachOther() throws IOException {
    CountDownLatch second = new CountDownLatch(1);
    scene.node.on(
        "eth_getCode",
        (c, reply) -> {
          GatewayFixture.await(second);
          reply.json(c.result("\"slow\""));
        });
    try (RawWebSocket socket = open()) {
      socket.send(rpc("1", "\"method\":\"eth_getCode\",\"params\":[\"0x1\",\"latest\"]"));
      socket.send(rpc("2", BALANCE));
      assertEquals(2, next(socket).get("id").asInt());
      second.countDown();
      assertEquals(1, next(socket).get("id").asInt());
    }
  }

  @Test
  void aBatchKeepsItsOrderAndNotificationsAreNotAnswered() throws IOException {
    try (RawWebSocket socket = open()) {
      socket.send(
          "["
              + rpc("1", BALANCE)
              + ",{\"jsonrpc\":\"2.0\","
              + BALANCE
              + "},7,"
              + rpc("2", "\"method\":\"eth_chainId\"")
              + "]");
      JsonNode batch = next(socket);
      assertEquals(3, batch.size());
      assertEquals(1, batch.get(0).get("id").asInt());
      assertEquals(-32600, batch.get(1).get("error").get("code").asInt());
      assertEquals("0x1", batch.get(2).get("result").asText());
      socket.send("{\"jsonrpc\":\"2.0\"," + BALANCE + "}");
      socket.send("[{\"jsonrpc\":\"2.0\"," + BALANCE + "}]");
      socket.send(rpc("3", "\"method\":\"eth_chainId\""));
      assertEquals(3, next(socket).get("id").asInt());
    }
  }

  @Test
  void whatTheGatewayRefusesIsAnErrorAndNoClose() throws IOException {
    Map<String, Integer> codes = new HashMap<>();
    codes.put("{", -32700);
    codes.put("", -32700);
    codes.put("7", -32600);
    codes.put("[]", -32600);
    codes.put(rpc("1", "\"method\":\"personal_sign\""), -32601);
    codes.put(rpc("1", "\"method\":\"eth_subscribe\",\"params\":[\"x\"]"), -32601);
    try (RawWebSocket socket = open()) {
      for (Map.Entry<String, Integer> each : codes.entrySet()) {
        socket.send(each.getKey());
        JsonNode answer = next(socket);
        assertEquals(each.getValue(), answer.get("error").get("code").asInt(), each.getKey());
      }
      socket.send(RawWebSocket.FIN | RawWebSocket.BINARY, new byte[] {'{', (byte) 0xff, '}'});
      assertEquals(-32700, next(socket).get("error").get("code").asInt());
    }
  }

  @Test
  void aMessageMayComeAsBinaryAndInAnyPieces() throws IOException {
    byte[] call = rpc("\"\u20ac\"", BALANCE).getBytes(StandardCharsets.UTF_8);
    try (RawWebSocket socket = open()) {
      socket.send(RawWebSocket.FIN | RawWebSocket.BINARY, call);
      assertEquals("\u20ac", next(socket).get("id").asText());
      for (int at = 0; at < call.length; at++) {
        int first = at == 0 ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION;
        int last = at == call.length - 1 ? RawWebSocket.FIN : 0;
        for (byte b : RawWebSocket.frame(first | last, new byte[] {call[at]})) {
          socket.client().send(new byte[] {b});
        }
      }
      assertEquals("\u20ac", next(socket).get("id").asText());
    }
  }

  @Test
  void whatIsSentBehindTheRequestBelongsToTheSocket() throws IOException {
    byte[] call =
        RawWebSocket.frame(
            RawWebSocket.FIN | RawWebSocket.TEXT,
            rpc("1", BALANCE).getBytes(StandardCharsets.UTF_8));
    byte[] head = RawWebSocket.request("/ethereum").getBytes(StandardCharsets.US_ASCII);
    byte[] both = new byte[head.length + call.length];
    System.arraycopy(head, 0, both, 0, head.length);
    System.arraycopy(call, 0, both, head.length, call.length);
    try (RawWebSocket socket = new RawWebSocket(scene.client())) {
      socket.client().send(both);
      assertEquals(101, socket.client().read().status());
      assertEquals("node", next(socket).get("result").asText());
    }
  }

  @Test
  void aConnectionThatServedHttpMayGoOnAsWebSocket() throws IOException {
    try (RawClient client = scene.client()) {
      assertEquals(200, client.call("/ethereum", rpc("1", BALANCE)).status());
      RawWebSocket socket = RawWebSocket.open(client, "/ethereum");
      socket.send(rpc("1", BALANCE));
      assertEquals("node", next(socket).get("result").asText());
    }
  }

  @Test
  void aLongAnswerComesInFragmentsAndOthersWaitForItsEnd() throws IOException {
    String big = "\"0x" + "ab".repeat(2 << 20) + "\"";
    scene.node.on("eth_getCode", (c, reply) -> reply.json(c.result(big)));
    try (RawWebSocket socket = open()) {
      for (int id = 1; id <= 4; id++) {
        socket.send(rpc("" + id, "\"method\":\"eth_getCode\",\"params\":[\"0x1\",\"latest\"]"));
        socket.send(rpc("" + (id + 4), BALANCE));
      }
      int sum = 0;
      for (int i = 0; i < 8; i++) {
        JsonNode answer = next(socket);
        int id = answer.get("id").asInt();
        sum += id;
        assertEquals(id <= 4 ? big.length() - 2 : 4, answer.get("result").asText().length());
      }
      assertEquals(36, sum);
    }
  }
}
