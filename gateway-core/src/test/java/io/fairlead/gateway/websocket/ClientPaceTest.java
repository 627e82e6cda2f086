package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.RawClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Clients of HTTP that are too slow lose their connection or stream; others do not. */
final class ClientPaceTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** How often silence is listened to until the connections, looked at each second, were. */
  private static final int LISTENS = 24;

  private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\"}";
  private static final String HEAD = "POST /ethereum HTTP/1.1\r\nHost: g\r\n";

  private static SocketScene scene() {
    return SocketScene.ofCalls(SocketScene.LIMITS);
  }

  private static RawClient client(SocketScene scene) throws IOException {
    int before = scene.server.openConnections();
    RawClient client = new RawClient(scene.server.address());
    Eventually.holds("it is there", SOON, () -> scene.server.openConnections() > before);
    return client;
  }

  /** Lets time pass, a second at a time, until something holds. */
  private static void passUntil(SocketScene scene, String what, BooleanSupplier holds) {
    Eventually.holds(
        what,
        SOON,
        () -> {
          scene.pass(Duration.ofSeconds(1));
          return holds.getAsBoolean();
        });
  }

  /** Lets a time pass, and the connections be looked at since. */
  private static void pass(SocketScene scene, Duration time) throws IOException {
    scene.pass(time);
    try (RawClient idle = new RawClient(scene.server.address())) {
      for (int i = 0; i < LISTENS; i++) {
        assertTrue(idle.isSilent());
      }
    }
  }

  /** Begins an answer of more than two sockets hold. */
  private static void startLargeAnswer(HeldCalls.Held held) {
    held.start();
    String piece = "x".repeat(32 << 10);
    for (int i = 0; i < 1024; i++) {
      held.chunk(piece);
    }
    Eventually.holds("not all of it is taken", SOON, () -> !held.reading);
  }

  private static boolean isAlone(SocketScene scene) {
    return scene.server.openConnections() == 0;
  }

  @Test
  void aHeadThatDoesNotComeInTimeIsAnsweredSo() throws IOException {
    try (SocketScene scene = scene();
        RawClient client = client(scene)) {
      client.send("POST /ethereum HT");
      passUntil(scene, "it is closed", () -> isAlone(scene));
      assertEquals(408, client.read().status());
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void bytesThatDripInGainAHeadNoTime() throws IOException {
    try (SocketScene scene = scene();
        RawClient client = client(scene)) {
      client.send(HEAD + "X-Drip: ");
      passUntil(
          scene,
          "it is closed",
          () -> {
            try {
              client.send("x");
            } catch (IOException e) {
              return true;
            }
            return isAlone(scene);
          });
    }
  }

  @Test
  void aBodyBelowItsRateIsAnsweredSo() throws IOException {
    try (SocketScene scene = scene();
        RawClient client = client(scene)) {
      client.send(HEAD + "Content-Length: 100000\r\n\r\n" + CALL);
      passUntil(scene, "it is closed", () -> isAlone(scene));
      assertEquals(408, client.read().status());
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void aBodyAtItsRateMayTakeItsTime() throws IOException {
    try (SocketScene scene = scene();
        RawClient client = client(scene)) {
      scene.calls.atOnce = "1";
      int filling = 40_000;
      client.send(HEAD + "Content-Length: " + (filling + CALL.length()) + "\r\n\r\n");
      client.send(" ".repeat(20_000));
      pass(scene, Duration.ofSeconds(24));
      client.send(" ".repeat(20_000));
      pass(scene, Duration.ofSeconds(20));
      client.send(CALL);
      assertEquals(200, client.read().status());
    }
  }

  @Test
  void aConnectionMayBeIdleForAMinute() throws IOException {
    try (SocketScene scene = scene();
        RawClient client = client(scene)) {
      scene.calls.atOnce = "1";
      assertEquals(200, client.call("/ethereum", CALL).status());
      pass(scene, Duration.ofSeconds(59));
      assertEquals(200, client.call("/ethereum", CALL).status());
      passUntil(scene, "it is closed", () -> isAlone(scene));
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void whoTakesNothingOfAnAnswerLosesTheConnection() throws Exception {
    try (SocketScene scene = scene();
        RawClient stuck = client(scene)) {
      stuck.post("/ethereum", CALL);
      HeldCalls.Held held = scene.calls.next();
      startLargeAnswer(held);
      pass(scene, Duration.ofSeconds(5));
      assertFalse(held.abandoned, "it may be slow");
      passUntil(scene, "its call is called off", () -> held.abandoned);
    }
  }

  @Test
  void aCallThatTakesLongIsNoFaultOfTheClient() throws Exception {
    try (SocketScene scene = scene();
        RawClient client = client(scene);
        Http2Client http2 = new Http2Client(scene.server.address())) {
      client.post("/ethereum", CALL);
      HeldCalls.Held held = scene.calls.next();
      Http2Client.Stream stream = http2.open(post(), false);
      stream.sendBytes(CALL.getBytes(StandardCharsets.UTF_8));
      stream.end();
      HeldCalls.Held other = scene.calls.next();
      pass(scene, Duration.ofMinutes(10));
      held.answer("1");
      other.answer("1");
      assertEquals(200, client.read().status());
      assertEquals(200, stream.status());
    }
  }

  private static Http2Headers post() {
    return new DefaultHttp2Headers()
        .method("POST")
        .scheme("http")
        .authority("gateway.test")
        .path("/ethereum");
  }

  @Test
  void aStreamThatTakesNothingOfItsAnswerIsReset() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = new Http2Client(scene.server.address())) {
      Http2Client.Stream stuck = client.open(post(), false);
      stuck.sendBytes(CALL.getBytes(StandardCharsets.UTF_8));
      stuck.end();
      HeldCalls.Held held = scene.calls.next();
      stuck.setReading(false);
      startLargeAnswer(held);
      passUntil(scene, "its call is called off", () -> held.abandoned);
      stuck.setReading(true);
      assertEquals(Http2Error.CANCEL, stuck.reset());
    }
  }

  @Test
  void aStreamThatTakesSomethingNowAndThenGoesOn() throws Exception {
    try (SocketScene scene = scene();
        Http2Client client = new Http2Client(scene.server.address())) {
      Http2Client.Stream slow = client.open(post(), false);
      slow.sendBytes(CALL.getBytes(StandardCharsets.UTF_8));
      slow.end();
      HeldCalls.Held held = scene.calls.next();
      slow.setReading(false);
      startLargeAnswer(held);
      for (int i = 0; i < 4; i++) {
        pass(scene, Duration.ofSeconds(20));
        assertFalse(held.reading, "more waits than the client takes");
        slow.takeSome();
      }
      assertFalse(held.abandoned);
      slow.setReading(true);
      slow.cancel();
      Eventually.holds("its call is called off", SOON, () -> held.abandoned);
    }
  }
}
