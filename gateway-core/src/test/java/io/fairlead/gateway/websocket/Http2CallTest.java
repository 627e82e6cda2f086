package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.Http2Client.Stream;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by POST over HTTP/2: each stream answered on its own, like a request of HTTP/1.1. */
final class Http2CallTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Http2Headers post(String path) {
    return new DefaultHttp2Headers(false)
        .method("POST")
        .scheme("http")
        .authority("gateway.test")
        .path(path);
  }

  private static Http2Client client(SocketScene scene) {
    return new Http2Client(scene.server.address());
  }

  private static SocketScene scene() {
    return SocketScene.ofCalls(SocketScene.LIMITS);
  }

  private static String call(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_call\"}";
  }

  private static Stream ask(Http2Client client, Http2Headers head, byte[] body) {
    Stream stream = client.open(head, false);
    stream.sendBytes(body);
    stream.end();
    return stream;
  }

  private static Stream ask(Http2Client client, String body) {
    return ask(client, post("/ethereum/some-key?a=b"), body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] zip(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }

  @Test
  void aSlowCallHoldsUpNoOther() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream slow = ask(client, call(1));
      HeldCalls.Held held = scene.calls.next();
      Stream quick = ask(client, call(2));
      scene.calls.next().answer("\"quick\"");
      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"quick\"}", quick.readAll());
      held.answer("\"slow\"");
      assertEquals(200, slow.status());
      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"slow\"}", slow.readAll());
    }
  }

  @Test
  void theHeadTellsWhatOneOfHttp11Does() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      scene.calls.atOnce = "1";
      Stream stream = ask(client, call(1));
      Http2Headers head = stream.headers();
      String body = stream.readAll();
      assertEquals("application/json", head.get("content-type").toString());
      assertEquals(Integer.toString(body.length()), head.get("content-length").toString());
      assertEquals("*", head.get("access-control-allow-origin").toString());
      assertEquals(1, head.getAll("access-control-expose-headers").size());
      assertEquals("0", head.get("x-fairlead-attempts").toString());
      assertEquals("bypass", head.get("x-fairlead-cache").toString());
      assertNull(head.get("connection"));
      assertNull(head.get("transfer-encoding"));
    }
  }

  @Test
  void aNotificationIsAnsweredWithoutABody() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      scene.calls.atOnce = "1";
      Stream stream = ask(client, "{\"jsonrpc\":\"2.0\",\"method\":\"eth_call\"}");
      assertEquals(204, stream.status());
      assertNull(stream.headers().get("content-length"));
    }
  }

  @Test
  void aBatchKeepsItsOrder() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = ask(client, "[" + call(1) + "," + call(2) + ",7]");
      HeldCalls.Held first = scene.calls.next();
      scene.calls.next().answer("\"b\"");
      first.answer("\"a\"");
      String answer = stream.readAll();
      assertTrue(answer.startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"},"), answer);
      assertTrue(answer.contains("\"id\":2,\"result\":\"b\"}"), answer);
      assertTrue(answer.contains("-32600"), answer);
    }
  }

  @Test
  void bodiesAreCompressedEitherWayIfTheClientWants() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      String large = '"' + "ab".repeat(4000) + '"';
      scene.calls.atOnce = large;
      Http2Headers head =
          post("/ethereum").set("content-encoding", "gzip").set("accept-encoding", "gzip");
      Stream stream = ask(client, head, zip(call(5)));
      assertEquals("gzip", stream.headers().get("content-encoding").toString());
      byte[] zipped = stream.readAll().getBytes(StandardCharsets.ISO_8859_1);
      String text =
          new String(
              new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(),
              StandardCharsets.UTF_8);
      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":" + large + "}", text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /nowhere, 404",
    "GET, /ethereum, 405",
    "PUT, /ethereum, 405",
    "OPTIONS, /ethereum, 204",
  })
  void whatIsNoCallIsAnsweredAsOverHttp11(String verb, String path, int status) {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = client.open(post(path).method(verb), true);
      assertEquals(status, stream.status());
      if (status == 405 || status == 204) {
        assertEquals("POST, OPTIONS", stream.headers().get("allow").toString());
      }
      assertEquals(status != 204, stream.readAll().contains("-32600"));
      assertEquals("*", stream.headers().get("access-control-allow-origin").toString());
    }
  }

  @Test
  void aBodyThatIsNoCallIsAnswered() {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      assertTrue(ask(client, "{").readAll().contains("-32700"));
      Stream bodyless = client.open(post("/ethereum"), true);
      assertTrue(bodyless.readAll().contains("-32700"));
      Http2Headers brotli = post("/ethereum").set("content-encoding", "br");
      assertEquals(415, ask(client, brotli, new byte[1]).status());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyOverTheLimitIsRefusedBeforeItIsWhole(boolean announced) {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Http2Headers head = post("/ethereum");
      if (announced) {
        head.set("content-length", Integer.toString(2 << 20));
      }
      Stream stream = client.open(head, false);
      if (!announced) {
        stream.sendBytes(new byte[(1 << 20) + 1]);
      }
      assertEquals(413, stream.status());
      assertTrue(stream.readAll().contains("limits.body"));
      assertEquals(Http2Error.NO_ERROR, stream.reset());
      scene.calls.atOnce = "1";
      assertEquals(200, ask(client, call(1)).status());
    }
  }

  @Test
  void aBodyAsLargeAsMayBeIsTaken() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      scene.calls.atOnce = "1";
      String body = call(1);
      assertEquals(200, ask(client, body + " ".repeat((1 << 20) - body.length())).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {":method", ":scheme", ":path"})
  void aRequestThatLacksAPseudoFieldIsReset(String missing) {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Http2Headers head = post("/ethereum");
      head.remove(missing);
      assertEquals(Http2Error.PROTOCOL_ERROR, client.open(head, false).reset());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-a | 'a\rb'",
        "x-a | 'a\nb'",
        "x-a | 'a\0b'",
        "x-a | ' a'",
        "x-a | 'a\t'",
        "host | elsewhere.test",
        ":path | no-slash",
        ":path | '/ethereum x'",
        ":protocol | websocket",
        "connection | keep-alive",
        "transfer-encoding | chunked",
        "te | gzip",
      })
  void aFieldThatCouldMeanTwoThingsResetsItsStream(String name, String value) {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = client.open(post("/ethereum").set(name, value), false);
      assertEquals(Http2Error.PROTOCOL_ERROR, stream.reset());
      scene.calls.atOnce = "1";
      assertEquals(200, ask(client, call(1)).status());
    }
  }

  @Test
  void aHostThatAgreesAndFieldsThatAreAllowedPass() {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      scene.calls.atOnce = "1";
      Http2Headers head =
          post("/ethereum").set("host", "GATEWAY.test").set("te", "trailers").set("x-empty", "");
      assertEquals(200, ask(client, head, call(1).getBytes(StandardCharsets.UTF_8)).status());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1000})
  void aLengthUnlikeThatOfTheDataResetsTheStream(int claimed) {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Http2Headers head = post("/ethereum").setInt("content-length", claimed);
      Stream stream = ask(client, head, call(1).getBytes(StandardCharsets.UTF_8));
      assertEquals(Http2Error.PROTOCOL_ERROR, stream.reset());
      assertEquals(0, scene.calls.begun.get());
    }
  }

  @Test
  void whoseBodyIsAwaitedIsToldToGoOn() {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = client.open(post("/ethereum").set("expect", "100-continue"), false);
      assertEquals(100, stream.status());
    }
  }

  @Test
  void aStreamThatIsCalledOffCallsOffItsCall() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = ask(client, call(1));
      HeldCalls.Held held = scene.calls.next();
      stream.cancel();
      Eventually.holds("the call is called off", SOON, () -> held.abandoned);
    }
  }

  @Test
  void aConnectionThatIsLostCallsOffAllItsCalls() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      ask(client, call(1));
      ask(client, call(2));
      List<HeldCalls.Held> held = List.of(scene.calls.next(), scene.calls.next());
      client.leave();
      Eventually.holds("all are off", SOON, () -> held.stream().allMatch(h -> h.abandoned));
    }
  }

  @Test
  void anAnswerThatIsNotTakenIsHeldBackAndNoOther() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = new Http2Client(scene.server.address(), 64 << 10)) {
      Stream slow = ask(client, call(1));
      slow.setReading(false);
      HeldCalls.Held held = scene.calls.next();
      held.start();
      String piece = "x".repeat(32 << 10);
      for (int i = 0; i < 8; i++) {
        held.chunk(piece);
      }
      Eventually.holds("the upstream is held back", SOON, () -> !held.reading);
      Stream other = ask(client, call(2));
      scene.calls.next().answer("1");
      assertEquals(200, other.status());
      slow.setReading(true);
      Eventually.holds("the upstream goes on", SOON, () -> held.reading);
      held.end();
      assertEquals(8 * piece.length(), slow.readAll().length());
    }
  }

  @Test
  void anAnswerThatBreaksOffResetsItsStream() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stream = ask(client, call(1));
      HeldCalls.Held held = scene.calls.next();
      held.start();
      held.chunk("{");
      held.breakOff();
      assertEquals(Http2Error.INTERNAL_ERROR, stream.reset());
    }
  }

  @Test
  void aRequestThatDoesNotComeOnIsResetAlone() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream stuck = client.open(post("/ethereum"), false);
      stuck.sendBytes(new byte[] {'{'});
      client.ping();
      Stream busy = ask(client, call(1));
      HeldCalls.Held held = scene.calls.next();
      scene.pass(Duration.ofSeconds(11));
      assertEquals(Http2Error.CANCEL, stuck.reset());
      held.answer("1");
      assertEquals(200, busy.status());
    }
  }

  @Test
  void goingDownAnswersWhatWasAskedAndWhatWasOnItsWay() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      Stream before = ask(client, call(1));
      HeldCalls.Held first = scene.calls.next();
      scene.server.drain();
      assertEquals(Http2Error.NO_ERROR, client.goAway());
      first.answer("1");
      assertEquals(200, before.status());
      assertFalse(scene.server.openConnections() == 0, "the client may still have asked");
      scene.pass(Duration.ofSeconds(1));
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void aHundredCallsAtOnceAreAllAnswered() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = client(scene)) {
      List<Stream> streams = IntStream.range(0, 100).mapToObj(i -> ask(client, call(i))).toList();
      for (int i = 0; i < 100; i++) {
        scene.calls.next();
      }
      scene.calls.all.forEach(held -> held.answer("1"));
      for (int i = 0; i < 100; i++) {
        assertTrue(streams.get(i).readAll().contains("\"id\":" + i + ","));
      }
    }
  }
}
