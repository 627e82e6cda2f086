package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.json;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How requests are told apart on a client's connection, byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WireFramingTest {
  private final WireScene scene = new WireScene();

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void pipelinedCallsAreAnsweredInOrder() throws IOException {
    CountDownLatch second = new CountDownLatch(1);
    scene.node.on(
        "eth_getUncleCountByBlockHash",
        (c, reply) -> {
          GatewayFixture.await(second);
          reply.json(c.result("\"slow\""));
        });
    try (RawClient client = scene.client()) {
      client.post(
          "/ethereum",
          rpc("1", "\"method\":\"eth_getUncleCountByBlockHash\",\"params\":[\"0x1\"]"));
      client.post("/ethereum", rpc("2", BALANCE));
      client.post("/ethereum", rpc("3", "\"method\":\"eth_chainId\""));
      assertTrue(client.isSilent());
      second.countDown();
      assertEquals("slow", json(client.read()).get("result").asText());
      assertEquals("node", json(client.read()).get("result").asText());
      assertEquals("0x1", json(client.read()).get("result").asText());
    }
  }

  /** The first two requests come in one piece, so that the second waits; then the socket rests. */
  @Test
  void aRequestSentWhileTheSocketRestsIsReadAfterTheOnesAhead() throws IOException {
    CountDownLatch second = new CountDownLatch(1);
    scene.node.on(
        "eth_getUncleCountByBlockNumber",
        (c, reply) -> {
          GatewayFixture.await(second);
          reply.json(c.result("\"slow\""));
        });
    try (RawClient client = scene.client()) {
      client.send(
          post(rpc("1", "\"method\":\"eth_getUncleCountByBlockNumber\",\"params\":[\"0x1\"]"))
              + post(rpc("2", BALANCE)));
      assertTrue(client.isSilent());
      client.send(post(rpc("3", BALANCE)));
      assertTrue(client.isSilent());
      second.countDown();
      for (int id = 1; id <= 3; id++) {
        assertEquals(id, json(client.read()).get("id").asInt());
      }
    }
  }

  private static String post(String body) {
    return "POST /ethereum HTTP/1.1\r\nHost: g\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void connectionsAreKeptUntilTheClientAsksForTheEnd() throws IOException {
    try (RawClient client = scene.client()) {
      for (int i = 0; i < 50; i++) {
        assertEquals(200, client.call("/ethereum", rpc("" + i, BALANCE)).status());
      }
      assertEquals(200, client.call("/ethereum", rpc("1", BALANCE), "Connection: close").status());
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void aRequestMayComeInAnyPieces() throws IOException {
    String body = rpc("\"\\u00e9\"", BALANCE);
    String head = "POST /ethereum HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n";
    try (RawClient client = scene.client()) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
      for (int at = 0; at < body.length(); at++) {
        client.send("1\r\n" + body.charAt(at) + "\r\n");
      }
      client.send("0\r\n\r\n");
      assertEquals("node", json(client.read()).get("result").asText());
      for (char c : (head + "Content-Length: " + body.length() + "\r\n\r\n" + body).toCharArray()) {
        client.send("" + c);
      }
      assertEquals("node", json(client.read()).get("result").asText());
    }
  }

  @Test
  void aClientThatExpectsContinueIsToldTo() throws IOException {
    String body = rpc("1", BALANCE);
    try (RawClient client = scene.client()) {
      client.send(
          "POST /ethereum HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      assertEquals(100, client.read().status());
      client.send(body);
      assertEquals(200, client.read().status());
    }
  }

  static List<String> ambiguousHeads() {
    return List.of(
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: +2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2, 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length : 2\r\n\r\n",
        "POST  / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nHost: h\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n+2\r\n[]\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("ambiguousHeads")
  void ambiguousFramingIsRefusedAndEndsTheConnection(String head) throws IOException {
    try (RawClient client = scene.client()) {
      client.send(head + "[]");
      int status = client.read().status();
      assertTrue(List.of(400, 501, 505).contains(status), () -> status + " to " + head);
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void manyConnectionsAreServedAtOnce() throws IOException {
    List<RawClient> clients = IntStream.range(0, 200).mapToObj(i -> scene.client()).toList();
    for (RawClient client : clients) {
      client.post("/ethereum", rpc("1", BALANCE));
    }
    for (RawClient client : clients) {
      assertEquals(200, client.read().status());
      client.close();
    }
  }
}
