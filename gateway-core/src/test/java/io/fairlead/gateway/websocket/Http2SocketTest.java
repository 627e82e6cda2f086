package io.fairlead.gateway.websocket;

import static io.fairlead.gateway.testing.Http2Client.webSocketHead;
import static io.fairlead.gateway.testing.RawWebSocket.CLOSE;
import static io.fairlead.gateway.testing.RawWebSocket.FIN;
import static io.fairlead.gateway.testing.RawWebSocket.RSV1;
import static io.fairlead.gateway.testing.RawWebSocket.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.subscribe.Notification;
import io.fairlead.gateway.subscribe.Subscriber;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.Http2Client.Stream;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawWebSocket;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** WebSocket over HTTP/2: extended CONNECT, streams that do not disturb each other, their end. */
final class Http2SocketTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final byte[] UNMASKED = {(byte) (FIN | TEXT), 1, 'x'};

  private static String call(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_call\"}";
  }

  private static Http2Client client(SocketScene scene) {
    return new Http2Client(scene.server.address());
  }

  private static void eventually(String what, BooleanSupplier holds) {
    Eventually.holds(what, SOON, holds);
  }

  @Test
  void theSettingsSayWhatIsOfferedAndHowFar() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Http2Settings settings = client.settings();
      assertEquals(1, settings.get((char) 8), "SETTINGS_ENABLE_CONNECT_PROTOCOL");
      assertEquals(100, settings.maxConcurrentStreams());
      assertEquals(32 * 1024, settings.maxHeaderListSize());
      assertEquals(1 << 20, settings.initialWindowSize());
    }
  }

  @Test
  void twoWebSocketsOnAConnectionAreAnsweredEachOnItsOwn() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream one = client.openWebSocket("/ethereum");
      Stream other = client.openWebSocket("/ethereum/key?a=b");
      one.send(call(1));
      HeldCalls.Held first = scene.calls.next();
      other.send(call(2));
      scene.calls.next().answer("2");
      assertTrue(other.read().text().contains("\"id\":2"));
      first.answer("1");
      assertTrue(one.read().text().contains("\"id\":1"));
      assertEquals(1, scene.server.openConnections());
    }
  }

  static List<Arguments> refusals() {
    Http2Headers eight = webSocketHead("/ethereum").set("sec-websocket-version", "8");
    Http2Headers udp = webSocketHead("/ethereum").set(":protocol", "connect-udp");
    return List.of(
        Arguments.of("no such chain", 404, webSocketHead("/solana")),
        Arguments.of("no version", 400, without("sec-websocket-version")),
        Arguments.of("another version", 400, eight),
        Arguments.of("another protocol", 501, udp),
        Arguments.of("no protocol", 405, without(":protocol")));
  }

  private static Http2Headers without(String field) {
    Http2Headers head = webSocketHead("/ethereum");
    head.remove(field);
    return head;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aBadRequestIsRefusedOnItsStreamAlone(String what, int status, Http2Headers head) {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream before = client.openWebSocket("/ethereum");
      Stream refused = client.open(head, false);
      assertEquals(status, refused.status(), what);
      assertEquals("*", refused.headers().get("access-control-allow-origin").toString());
      assertEquals(status == 400, refused.headers().contains("sec-websocket-version", "13"));
      assertTrue(refused.readAll().contains("expected: "), what);
      assertEquals(Http2Error.NO_ERROR, refused.reset());
      before.send("still here");
      assertEquals("still here", before.read().text());
    }
  }

  @Test
  void aRequestThatIsOverWithItsHeadIsRefused() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      assertEquals(400, client.open(webSocketHead("/ethereum"), true).status());
    }
  }

  @Test
  void aProtocolOrAPathAmissResetsTheStream() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Http2Headers malformed = webSocketHead("/ethereum").method("POST");
      assertEquals(Http2Error.PROTOCOL_ERROR, client.open(malformed, false).reset());
      Http2Headers pathless = without(":path");
      assertEquals(Http2Error.PROTOCOL_ERROR, client.open(pathless, false).reset());
      assertEquals(200, client.open(webSocketHead("/ethereum"), false).status());
    }
  }

  @Test
  void aHeadOverTheLimitIsRefused() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Http2Headers head = webSocketHead("/ethereum").set("x-long", "x".repeat(33 * 1024));
      assertEquals(431, client.open(head, false).status());
    }
  }

  @Test
  void aBrokenFrameEndsItsStreamOnly() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream good = client.openWebSocket("/ethereum");
      Stream bad = client.openWebSocket("/ethereum");
      bad.sendBytes(UNMASKED);
      assertEquals(1002, bad.read().code());
      assertTrue(bad.isEndedByServer());
      assertEquals(Http2Error.CANCEL, bad.reset());
      good.send("x".repeat(100_000));
      assertEquals(100_000, good.read().payload().length);
    }
  }

  @Test
  void messagesAreCompressedIfTheClientOffersIt() throws IOException {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Http2Headers head =
          webSocketHead("/ethereum").set("sec-websocket-extensions", "permessage-deflate");
      Stream stream = client.open(head, false);
      assertTrue(
          stream
              .headers()
              .get("sec-websocket-extensions")
              .toString()
              .startsWith("permessage-deflate;"));
      String text = "again and ".repeat(1000);
      stream.send(FIN | RSV1 | TEXT, RawWebSocket.deflate(text.getBytes(StandardCharsets.UTF_8)));
      RawWebSocket.Frame frame = stream.read();
      assertEquals(FIN | RSV1 | TEXT, frame.first());
      assertEquals(text, new String(RawWebSocket.inflate(frame.payload()), StandardCharsets.UTF_8));
    }
  }

  @Test
  void eitherSidesEndIsTheOthers() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream closed = client.openWebSocket("/ethereum");
      closed.send(FIN | CLOSE, new byte[] {3, (byte) 0xe8});
      assertEquals(1000, closed.read().code());
      assertTrue(closed.isEndedByServer());
      closed.end();
      assertEquals(1000, scene.nextClose());
      Stream ended = client.openWebSocket("/ethereum");
      ended.end();
      assertTrue(ended.isEndedByServer());
      assertEquals(1006, scene.nextClose());
    }
  }

  @Test
  void aStreamThatIsCalledOffCallsOffWhatItAsked() throws Exception {
    WebSocketLimits one = new WebSocketLimits(16 << 20, 1, 10_000, 4 << 20);
    try (SocketScene scene = SocketScene.ofCalls(one);
        Http2Client client = client(scene)) {
      Stream stream = client.openWebSocket("/ethereum");
      stream.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      for (int i = 0; i < 100; i++) {
        stream.send(call(i));
      }
      stream.cancel();
      eventually("the call is abandoned", () -> held.abandoned);
      assertEquals(1006, scene.nextClose());
      Stream next = client.openWebSocket("/ethereum");
      next.send(call(3));
      scene.calls.next().answer("3");
      assertTrue(next.read().text().contains("\"id\":3"));
    }
  }

  @Test
  void aConnectionThatIsLostTakesAlongStreamsThatAreNotRead() throws Exception {
    WebSocketLimits one = new WebSocketLimits(16 << 20, 1, 10_000, 4 << 20);
    try (SocketScene scene = SocketScene.ofCalls(one);
        Http2Client client = client(scene)) {
      Stream stream = client.openWebSocket("/ethereum");
      stream.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      for (int i = 0; i < 100; i++) {
        stream.send(call(i));
      }
      client.ping();
      client.leave();
      eventually("the call is abandoned", () -> held.abandoned);
      assertEquals(1006, scene.nextClose());
    }
  }

  @Test
  void aStreamThatIsNotReadHoldsBackItsAnswerAndNoOther() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream stuck = client.openWebSocket("/ethereum");
      Stream other = client.openWebSocket("/ethereum");
      stuck.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      stuck.setReading(false);
      held.start();
      for (int i = 0; i < 4; i++) {
        held.chunk("x".repeat(60_000));
      }
      eventually("the answer is not read any more", () -> !held.reading);
      other.send(call(2));
      scene.calls.next().answer("2");
      assertTrue(other.read().text().contains("\"id\":2"));
      stuck.setReading(true);
      eventually("the answer is read again", () -> held.reading);
      held.end();
      assertEquals(60_000, stuck.read().payload().length);
    }
  }

  @Test
  void aStreamThatNeverReadsIsResetAlone() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream stuck = client.openWebSocket("/ethereum");
      Stream other = client.openWebSocket("/ethereum");
      stuck.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      stuck.setReading(false);
      held.start();
      held.chunk("x".repeat(500_000));
      eventually("the answer is not read any more", () -> !held.reading);
      scene.pass(Duration.ofSeconds(29));
      other.send(FIN | RawWebSocket.PING, new byte[0]);
      assertEquals(FIN | RawWebSocket.PONG, other.read().first());
      scene.pass(Duration.ofSeconds(2));
      eventually("the call is abandoned", () -> held.abandoned);
      scene.pass(Duration.ofSeconds(1));
      assertEquals(Http2Error.CANCEL, stuck.reset());
      assertEquals(1013, scene.nextClose());
      stuck.setReading(true);
      assertEquals(1, scene.server.openConnections());
    }
  }

  @Test
  void whatWaitsForAStreamIsBounded() throws Exception {
    List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    SubscribingFactory capturing =
        (chain, loop, subscriber) -> {
          subscribers.add(subscriber);
          return SubscribingFactory.NONE.open(chain, loop, subscriber);
        };
    WebSocketLimits oneMegabyte = new WebSocketLimits(16 << 20, 1000, 10_000, 1 << 20);
    try (SocketScene scene = SocketScene.of(oneMegabyte, capturing);
        Http2Client client = client(scene)) {
      Stream stuck = client.openWebSocket("/ethereum");
      stuck.send(call(1).replace("eth_call", "eth_subscribe"));
      stuck.read();
      stuck.setReading(false);
      String text = "x".repeat(60_000);
      int told = 0;
      for (; told < 100 && scene.out.get() == 1 + told; told++) {
        scene.onLoop(() -> tell(subscribers.get(0), text));
      }
      assertTrue(told > 15 && told < 25, "ended after " + told + " of 60 kB");
      scene.pass(Duration.ofSeconds(2));
      assertEquals(Http2Error.CANCEL, stuck.reset());
      assertEquals(1013, scene.nextClose());
      stuck.setReading(true);
    }
  }

  private static void tell(Subscriber subscriber, String text) {
    Notification notification =
        new Notification(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    subscriber.send(notification);
    notification.release();
  }

  @Test
  void whatACloseFindsUnansweredIsResetAfterASecond() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream stream = client.openWebSocket("/ethereum");
      scene.serveNothing();
      assertEquals(1001, stream.read().code());
      scene.pass(Duration.ofSeconds(2));
      assertTrue(stream.isEndedByServer());
      assertEquals(Http2Error.CANCEL, stream.reset());
    }
  }

  @Test
  void goingDownAnswersWhatWasAskedAndTakesNoMoreStreams() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream stream = client.openWebSocket("/ethereum");
      stream.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      scene.server.drain();
      assertEquals(Http2Error.NO_ERROR, client.goAway());
      held.answer("1");
      assertTrue(stream.read().text().contains("\"id\":1"));
      assertEquals(1001, stream.read().code());
      stream.send(FIN | CLOSE, new byte[] {3, (byte) 0xe9});
      assertTrue(stream.isEndedByServer());
      assertEquals(1, scene.server.openConnections());
      stream.end();
      scene.pass(Duration.ofSeconds(1));
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void aConnectionWithoutStreamsEndsAfterAWhile() {
    try (SocketScene scene = SocketScene.ofCalls(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      Stream stream = client.openWebSocket("/ethereum");
      stream.cancel();
      assertEquals(1006, scene.nextClose());
      scene.pass(Duration.ofSeconds(80));
      assertEquals(Http2Error.NO_ERROR, client.goAway());
      assertTrue(client.isClosedByServer());
      eventually("it is not counted", () -> scene.server.openConnections() == 0);
    }
  }

  @Test
  void aFloodOfResetsEndsTheConnection() {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);
        Http2Client client = client(scene)) {
      for (int i = 0; i < 250; i++) {
        client.openAndCancel("/ethereum");
      }
      assertTrue(client.isClosedByServer());
      eventually("all are gone", () -> scene.server.openConnections() == 0);
      eventually("each ended", () -> scene.opened.size() == scene.closes.size());
    }
  }

  @Test
  void thePrefaceMayComeByteByByteAndElseItIsHttp11() throws IOException {
    try (SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS)) {
      String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
      try (RawClient client = new RawClient(scene.server.address())) {
        for (int i = 0; i < preface.length(); i++) {
          client.send(preface.substring(i, i + 1));
        }
        client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        byte[] frame = client.readBytes(9);
        assertEquals(4, frame[3], "SETTINGS come first");
      }
      try (RawClient client = new RawClient(scene.server.address())) {
        client.send("P");
        assertTrue(client.isSilent());
        client.send("OST /ethereum HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]");
        assertEquals(200, client.read().status());
        assertEquals(200, client.call("/ethereum", "[]").status());
      }
    }
  }
}
