package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.json;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fairlead.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

  @Test
  void trailersAndExtensionsOfChunksAreDropped() throws IOException {
    try (RawClient client = scene.client()) {
      String body = rpc("1", BALANCE);
      client.send(
          "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: Chunked\r\n\r\n1;a=b;c\r\n{\r\n"
              + Integer.toHexString(body.length() - 1).toUpperCase(Locale.ROOT)
              + "\r\n"
              + body.substring(1)
              + "\r\n000\r\nContent-Length: 7\r\nX-Any: x\r\n\r\n");
      assertEquals(200, client.read().status());
      assertEquals(200, client.call("/", body).status());
    }
  }

  @Test
  void whatMeansOneThingPasses() throws IOException {
    String body = rpc("1", BALANCE);
    String length = "Content-Length: " + body.length() + "\r\n\r\n" + body;
    for (String start :
        List.of(
            "\r\nPOST / HTTP/1.1\r\nHost: g\r\n",
            "POST http://g.test/ethereum HTTP/1.1\r\nHost: G.test\r\n",
            "POST / HTTP/1.1\r\nHost:\tg:80 \r\nX-Empty:\r\n",
            "POST / HTTP/1.1\r\nHost: [::1]:80\r\nx-!#$%&'*+-.^_`|~1: a\tb\r\n",
            "POST / HTTP/1.1\r\nHost:\r\n",
            "POST / HTTP/1.1\r\nHost: g\r\nContent-Type: text/plain\r\nTE: trailers\r\n")) {
      try (RawClient client = scene.client()) {
        client.send(start + length);
        assertEquals(200, client.read().status(), start);
      }
    }
    try (RawClient client = scene.client()) {
      client.send("POST / HTTP/1.0\r\n" + length);
      assertEquals(200, client.read().status());
    }
  }

  /** A request whose head has this instead of a plain one, and an empty batch behind it. */
  private static String head(String line, String fields) {
    return line + "\r\n" + fields + "\r\n\r\n[]";
  }

  private static String withFields(String fields) {
    return head("POST / HTTP/1.1", "Host: g\r\n" + fields);
  }

  private static String chunked(String body) {
    return "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
  }

  static Stream<String> ambiguousLengths() {
    return Stream.of(
        withFields("Content-Length: 2\r\nTransfer-Encoding: chunked"),
        withFields("Transfer-Encoding: chunked\r\nContent-Length: 2"),
        head("POST / HTTP/1.0", "Host: g\r\nTransfer-Encoding: chunked"),
        withFields("Transfer-Encoding: chunked, chunked"),
        withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        withFields("Transfer-Encoding: gzip, chunked"),
        withFields("Transfer-Encoding: chunked, gzip"),
        withFields("Transfer-Encoding: xchunked"),
        withFields("Transfer-Encoding: \"chunked\""),
        withFields("Transfer-Encoding: identity"),
        withFields("Transfer-Encoding:"),
        withFields("Transfer-Encoding: \u000bchunked"),
        withFields("Content-Length: 2\r\nContent-Length: 2"),
        withFields("Content-Length: 2\r\nContent-Length: 3"),
        withFields("Content-Length: +2"),
        withFields("Content-Length: -2"),
        withFields("Content-Length: 0x2"),
        withFields("Content-Length: 2 2"),
        withFields("Content-Length: 2;"),
        withFields("Content-Length:"),
        withFields("Content-Length: 2, 2"),
        withFields("Content-Length: 99999999999999999999"),
        withFields("Content-Length : 2"),
        withFields("Content-Length\t: 2"));
  }

  static Stream<String> ambiguousLines() {
    return Stream.of(
        withFields("X-A: b\r\n folded: c\r\nContent-Length: 2"),
        withFields("X-A: b\r\n\tfolded\r\nContent-Length: 2"),
        withFields(" X-A: b\r\nContent-Length: 2"),
        withFields(": b\r\nContent-Length: 2"),
        withFields("X A: b\r\nContent-Length: 2"),
        withFields("X\"A: b\r\nContent-Length: 2"),
        withFields("X(A): b\r\nContent-Length: 2"),
        withFields("no colon\r\nContent-Length: 2"),
        withFields("X-A: a\0b\r\nContent-Length: 2"),
        withFields("X-A: a\rb\r\nContent-Length: 2"),
        withFields("X-A: a\nContent-Length: 2"),
        "POST / HTTP/1.1\nHost: g\nContent-Length: 2\n\n[]",
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\n[]",
        head("POST  / HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST /  HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST\t/ HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST / HTTP/1.1 ", "Host: g\r\nContent-Length: 2"),
        head(" POST / HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("\0POST / HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("\nPOST / HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("\r\n\r\nPOST / HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST /", "Host: g\r\nContent-Length: 2"),
        head("POST / x HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST / HTTP/1.2", "Host: g\r\nContent-Length: 2"),
        head("POST / HTTP/2.0", "Host: g\r\nContent-Length: 2"),
        head("POST / HTTP/0.9", "Host: g\r\nContent-Length: 2"),
        head("POST / http/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST / HTTP/1.10", "Host: g\r\nContent-Length: 2"),
        head("POST /\u00e4 HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST /\u0001 HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("P(ST / HTTP/1.1", "Host: g\r\nContent-Length: 2"));
  }

  static Stream<String> ambiguousTargets() {
    return Stream.of(
        head("POST / HTTP/1.1", "Content-Length: 2"),
        head("POST / HTTP/1.1", "Host: g\r\nHost: g\r\nContent-Length: 2"),
        head("POST / HTTP/1.0", "Host: g\r\nHost: h\r\nContent-Length: 2"),
        head("POST / HTTP/1.1", "Host: g h\r\nContent-Length: 2"),
        head("POST / HTTP/1.1", "Host: g, h\r\nContent-Length: 2"),
        head("POST / HTTP/1.1", "Host: g/h\r\nContent-Length: 2"),
        head("POST / HTTP/1.1", "Host: a@g\r\nContent-Length: 2"),
        head("POST http://h/ HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST http://g:81/ HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST http:///ethereum HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST ftp://g/ HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST ethereum HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("POST * HTTP/1.1", "Host: g\r\nContent-Length: 2"),
        head("CONNECT g:80 HTTP/1.1", "Host: g:80\r\nContent-Length: 2"));
  }

  static Stream<String> ambiguousChunks() {
    return Stream.of(
        chunked("+2\r\n[]\r\n0\r\n\r\n"),
        chunked("-2\r\n[]\r\n0\r\n\r\n"),
        chunked("0x2\r\n[]\r\n0\r\n\r\n"),
        chunked(" 2\r\n[]\r\n0\r\n\r\n"),
        chunked("2 \r\n[]\r\n0\r\n\r\n"),
        chunked("2 ;a\r\n[]\r\n0\r\n\r\n"),
        chunked("2\t\r\n[]\r\n0\r\n\r\n"),
        chunked("2_\r\n[]\r\n0\r\n\r\n"),
        chunked(";a\r\n[]\r\n0\r\n\r\n"),
        chunked("\r\n[]\r\n0\r\n\r\n"),
        chunked("g\r\n[]\r\n0\r\n\r\n"),
        chunked("00000002\r\n[]\r\n0\r\n\r\n"),
        chunked("100000002\r\n[]\r\n0\r\n\r\n"),
        chunked("ffffffffffffffff2\r\n[]\r\n0\r\n\r\n"),
        chunked("2;" + "a".repeat(300) + "\r\n[]\r\n0\r\n\r\n"),
        chunked("2;" + "a".repeat(300)),
        chunked("2;a\rb\r\n[]\r\n0\r\n\r\n"),
        chunked("2;a\nb\r\n[]\r\n0\r\n\r\n"),
        chunked("2;a\0\r\n[]\r\n0\r\n\r\n"),
        chunked("2\n[]\r\n0\r\n\r\n"),
        chunked("2\r\n[]\n0\r\n\r\n"),
        chunked("2\r\n[]0\r\n\r\n"),
        chunked("2\r\n[]\r\r0\r\n\r\n"),
        chunked("2\r\n[]\r\n0\r\nX: a\n\r\n"),
        chunked("2\r\n[]\r\n0\r\n folded\r\n\r\n"),
        chunked("2\r\n[]\r\n0\r\n\n"),
        chunked("2\r\n[]\r\n0\r\nX: " + "a".repeat(9000) + "\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource({"ambiguousLengths", "ambiguousLines", "ambiguousTargets", "ambiguousChunks"})
  void ambiguousFramingIsRefusedAndEndsTheConnection(String request) throws IOException {
    long before = scene.node.count("eth_getBalance");
    try (RawClient client = scene.client()) {
      client.send((request + rpc("1", BALANCE)).getBytes(StandardCharsets.ISO_8859_1));
      assertEquals(400, client.read().status());
      assertTrue(client.isClosedByServer());
    }
    assertEquals(before, scene.node.count("eth_getBalance"), "the bytes behind are no request");
  }

  static Stream<Arguments> largeHeads() {
    return Stream.of(
        arguments(414, head("POST /" + "a".repeat(9000) + " HTTP/1.1", "Host: g")),
        arguments(414, "POST /" + "a".repeat(9000)),
        arguments(431, withFields("X-A: " + "a".repeat(33_000))),
        arguments(431, withFields("X-A: " + "a".repeat(33_000)).substring(0, 33_000)),
        arguments(431, withFields("X-A: b\r\n".repeat(100))),
        arguments(200, withFields("X-A: b\r\n".repeat(98) + "Content-Length: 2")));
  }

  @ParameterizedTest
  @MethodSource("largeHeads")
  void aHeadOverItsLimitIsRefused(int status, String request) throws IOException {
    try (RawClient client = scene.client()) {
      client.send(request);
      assertEquals(status, client.read().status());
      if (status != 200) {
        assertTrue(client.isClosedByServer());
      }
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
