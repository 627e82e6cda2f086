package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.gateway.testing.RawWebSocket.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How calls and notifications share a connection, and what bounds them. */
final class SocketCallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

  private static WebSocketLimits limits(int calls, int perSecond) {
    return new WebSocketLimits(1 << 20, calls, perSecond, 1 << 20);
  }

  private static String call(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_call\",\"params\":[]}";
  }

  private static JsonNode next(RawWebSocket socket) throws IOException {
    return JSON.readTree(socket.readMessage());
  }

  private static void eventually(String what, BooleanSupplier condition) {
    Eventually.holds(what, PATIENCE, condition);
  }

  @Test
  void callsUnderWayAreBoundedAndGoOnWithEachAnswer() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(3, 1000));
        RawWebSocket socket = scene.open()) {
      for (int id = 0; id < 200; id++) {
        socket.send(call(id));
      }
      for (int id = 0; id < 200; id++) {
        HeldCalls.Held held = scene.calls.next();
        scene.onLoop(() -> {});
        assertTrue(scene.calls.begun.get() <= id + 3, "under way beyond the bound");
        held.answer("1");
        assertEquals(id, next(socket).get("id").asInt());
      }
    }
  }

  @Test
  void eachCallOfABatchCounts() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(2, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send("[" + call(1) + "," + call(2) + "]");
      socket.send(call(3));
      HeldCalls.Held first = scene.calls.next();
      HeldCalls.Held second = scene.calls.next();
      scene.onLoop(() -> {});
      assertEquals(2, scene.calls.begun.get());
      first.answer("1");
      second.answer("2");
      assertEquals(2, next(socket).size());
      scene.calls.next().answer("3");
      assertEquals(3, next(socket).get("id").asInt());
    }
  }

  @Test
  void callsBeyondTheRateAreRefusedEachWithItsId() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(1000, 1));
        RawWebSocket socket = scene.open()) {
      scene.calls.atOnce = "1";
      socket.send(call(1));
      assertEquals(1, next(socket).get("id").asInt());
      socket.send(
          "[" + call(2) + ",{\"jsonrpc\":\"2.0\",\"method\":\"eth_call\"}," + call(3) + "]");
      JsonNode batch = next(socket);
      assertEquals(2, batch.size());
      assertEquals(-32005, batch.get(0).get("error").get("code").asInt());
      assertEquals(3, batch.get(1).get("id").asInt());
      socket.send("{\"jsonrpc\":\"2.0\",\"method\":\"eth_call\"}");
      socket.send(call(4));
      JsonNode refused = next(socket);
      assertEquals(4, refused.get("id").asInt());
      assertEquals(-32005, refused.get("error").get("code").asInt());
      assertEquals(1, scene.calls.begun.get());
      scene.pass(Duration.ofSeconds(1));
      socket.send(call(5));
      assertEquals(1, next(socket).get("result").asInt());
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadAndGetsEverythingInTheEnd() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(1000, 100_000));
        RawWebSocket socket = scene.open()) {
      int total = 3000;
      scene.calls.atOnce = "\"" + "a".repeat(32 * 1024) + "\"";
      for (int id = 0; id < total; id++) {
        socket.send(call(id));
      }
      AtomicInteger before = new AtomicInteger();
      AtomicInteger still = new AtomicInteger();
      eventually(
          "the gateway stops reading",
          () -> {
            int now = scene.calls.begun.get();
            boolean moved = now != before.getAndSet(now) || now == 0;
            return still.updateAndGet(n -> moved ? 0 : n + 1) > 40;
          });
      assertTrue(scene.calls.begun.get() < total, "all was read");
      for (int id = 0; id < total; id++) {
        assertEquals(id, next(socket).get("id").asInt());
      }
    }
  }

  @Test
  void aClientThatTakesNothingForTooLongIsLeft() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send(call(1));
      scene.calls.next().answer("\"" + "a".repeat(32 << 20) + "\"");
      scene.onLoop(() -> {});
      eventually(
          "it is left",
          () -> {
            scene.pass(Duration.ofSeconds(10));
            scene.onLoop(() -> {});
            return scene.server.openConnections() == 0;
          });
      assertEquals(1013, scene.nextClose());
    }
  }

  @Test
  void aReloadKeepsConnectionsAndBoundsTheNextMessage() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      scene.calls.atOnce = "1";
      socket.send(call(1));
      assertEquals(1, next(socket).get("id").asInt());
      scene.limit(new WebSocketLimits(1000, 10, 1000, 1 << 20));
      socket.send(call(2));
      assertEquals(2, next(socket).get("id").asInt());
      socket.send(" ".repeat(1001));
      assertEquals(1009, socket.read().code());
    }
  }

  @Test
  void aLongAnswerIsNotReadFasterThanItsClientReads() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      held.start();
      String chunk = "a".repeat(1 << 20);
      int chunks = 0;
      while (held.reading) {
        held.chunk(chunk);
        scene.onLoop(() -> {});
        chunks++;
      }
      for (int i = 0; i < chunks; i++) {
        Frame fragment = socket.read();
        assertEquals(i == 0 ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION, fragment.first());
        assertEquals(chunk.length(), fragment.payload().length);
      }
      eventually("the answer is read again", () -> held.reading);
      held.end();
      Frame last = socket.read();
      assertEquals(RawWebSocket.FIN, last.first());
      assertEquals(0, last.payload().length);
    }
  }

  @Test
  void aLongBatchThatBeginsWhileItsClientDoesNotReadIsNotReadEither() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send(call(9));
      socket.send("[" + call(1) + "," + call(2) + "]");
      HeldCalls.Held before = scene.calls.next();
      HeldCalls.Held first = scene.calls.next();
      before.answer("\"" + "a".repeat(16 << 20) + "\"");
      first.start();
      first.chunk("a".repeat(1 << 20));
      scene.onLoop(() -> {});
      assertFalse(first.reading, "the answer is read");
      assertEquals(9, next(socket).get("id").asInt());
      eventually("the answer is read again", () -> first.reading);
    }
  }

  private static String restOfMessage(RawWebSocket socket) throws IOException {
    StringBuilder rest = new StringBuilder();
    Frame fragment;
    do {
      fragment = socket.read();
      rest.append(fragment.text());
    } while ((fragment.first() & RawWebSocket.FIN) == 0);
    return rest.toString();
  }

  @Test
  void aLongBatchIsNotReadFasterThanItsClientReads() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send("[" + call(1) + "," + call(2) + "]");
      HeldCalls.Held first = scene.calls.next();
      first.start();
      String chunk = "a".repeat(1 << 20);
      int chunks = 0;
      while (first.reading && chunks < 64) {
        first.chunk(chunk);
        scene.onLoop(() -> {});
        chunks++;
      }
      assertTrue(chunks < 64, "all was read");
      for (long due = (long) chunks << 20; due > 0; ) {
        due -= socket.read().payload().length;
      }
      eventually("the answer is read again", () -> first.reading);
      first.end();
      scene.calls.next().answer("2");
      assertTrue(restOfMessage(socket).endsWith("\"result\":2}]"));
    }
  }

  @Test
  void whatIsFinishedWhileALongAnswerIsOnTheWireFollowsItInOrder() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      for (int id = 1; id <= 4; id++) {
        socket.send(call(id));
      }
      HeldCalls.Held first = scene.calls.next();
      HeldCalls.Held second = scene.calls.next();
      HeldCalls.Held third = scene.calls.next();
      HeldCalls.Held fourth = scene.calls.next();
      first.start();
      first.chunk("[1,");
      second.answer("2");
      third.start();
      third.chunk("[3,");
      fourth.answer("4");
      scene.onLoop(() -> {});
      assertFalse(third.reading, "a second long answer is read before its turn");
      first.chunk("1]");
      first.end();
      assertEquals("[1,1]", socket.readMessage());
      assertEquals(2, next(socket).get("result").asInt());
      eventually("the second long answer is read", () -> third.reading);
      third.chunk("3]");
      third.end();
      assertEquals("[3,3]", socket.readMessage());
      assertEquals(4, next(socket).get("result").asInt());
    }
  }

  @Test
  void anAnswerThatBreaksOffEndsTheConnectionOnlyOnceItHasBegun() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      for (int id = 1; id <= 3; id++) {
        socket.send(call(id));
      }
      HeldCalls.Held first = scene.calls.next();
      HeldCalls.Held second = scene.calls.next();
      HeldCalls.Held third = scene.calls.next();
      first.start();
      first.chunk("[1");
      second.start();
      second.chunk("[2");
      second.breakOff();
      first.chunk("]");
      first.end();
      assertEquals("[1]", socket.readMessage());
      JsonNode error = next(socket);
      assertEquals(2, error.get("id").asInt());
      assertEquals(-32002, error.get("error").get("code").asInt());
      third.start();
      third.chunk("[3");
      third.breakOff();
      assertEquals("[3", socket.read().text());
      assertEquals(1011, socket.read().code());
    }
  }

  @Test
  void longMessagesAreCompressedAndShortOnesAreNot() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open(DEFLATE)) {
      for (int id = 1; id <= 3; id++) {
        socket.sendCompressed(call(id));
      }
      scene.calls.next().answer("1");
      assertEquals(RawWebSocket.FIN | RawWebSocket.TEXT, socket.read().first());
      String big = "a".repeat(100_000);
      scene.calls.next().answer('"' + big + '"');
      Frame whole = socket.read();
      assertEquals(RawWebSocket.FIN | RawWebSocket.RSV1 | RawWebSocket.TEXT, whole.first());
      assertTrue(whole.payload().length < 2000, "not compressed");
      HeldCalls.Held stream = scene.calls.next();
      stream.start();
      stream.chunk("\"" + big);
      stream.chunk(big + "\"");
      stream.end();
      assertEquals("\"" + big + big + "\"", socket.readMessage());
    }
  }

  @Test
  void aQuietClientIsPingedAndOneThatDoesNotAnswerIsLeft() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      for (int i = 0; i < 3; i++) {
        scene.onLoop(() -> {});
        scene.pass(Duration.ofSeconds(30));
        assertEquals(RawWebSocket.FIN | RawWebSocket.PING, socket.read().first());
        socket.send(RawWebSocket.FIN | RawWebSocket.PONG, new byte[0]);
        socket.send("[]");
        assertEquals(-32600, next(socket).get("error").get("code").asInt());
      }
      scene.onLoop(() -> {});
      scene.pass(Duration.ofSeconds(30));
      assertEquals(RawWebSocket.FIN | RawWebSocket.PING, socket.read().first());
      scene.pass(Duration.ofSeconds(30).minusNanos(1));
      scene.onLoop(() -> {});
      assertTrue(socket.client().isSilent());
      scene.pass(Duration.ofNanos(1));
      assertEquals(1008, socket.read().code());
      scene.pass(Duration.ofSeconds(1));
      assertTrue(socket.client().isClosedByServer());
      assertEquals(1008, scene.nextClose());
    }
  }

  @Test
  void goingDownWaitsForAnswersUnderWayAndThenCloses() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket busy = scene.open();
        RawWebSocket idle = scene.open()) {
      busy.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      scene.server.drain();
      assertEquals(1001, idle.read().code());
      busy.send(call(2));
      eventually("the second call is read", () -> scene.in.get() == 2);
      assertEquals(2, scene.server.openConnections());
      held.answer("1");
      assertEquals(1, next(busy).get("id").asInt());
      assertEquals(1001, busy.read().code());
      busy.sendClose(1001);
      assertTrue(busy.client().isClosedByServer());
      scene.pass(Duration.ofSeconds(1));
      assertTrue(idle.client().isClosedByServer(), "a close that nobody answers is waited for");
      eventually("all are gone", () -> scene.server.openConnections() == 0);
      assertEquals(1, scene.calls.begun.get());
    }
  }

  @Test
  void goingDownLosesNoAnswerThatWaitsBehindALongOne() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      socket.send(call(1));
      socket.send(call(2));
      HeldCalls.Held first = scene.calls.next();
      HeldCalls.Held second = scene.calls.next();
      first.start();
      first.chunk("[1");
      second.answer("2");
      scene.server.drain();
      first.chunk("]");
      first.end();
      assertEquals("[1]", socket.readMessage());
      assertEquals(2, next(socket).get("id").asInt());
      assertEquals(1001, socket.read().code());
    }
  }

  @Test
  void aClientThatLeavesCallsOffWhatItAsked() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000))) {
      RawWebSocket socket = scene.open();
      socket.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      socket.close();
      eventually("the call is abandoned", () -> held.abandoned);
      assertEquals(1006, scene.nextClose());
    }
  }

  @Test
  void aChainThatIsNoLongerServedEndsItsConnections() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket quiet = scene.open()) {
      scene.serveNothing();
      assertEquals(1001, quiet.read().code());
    }
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000));
        RawWebSocket socket = scene.open()) {
      scene.serveNothing();
      socket.send(call(1));
      assertEquals(1001, socket.read().code());
    }
  }

  @Test
  void connectionsOfAnAddressAreCountedAsLongAsTheyLast() throws Exception {
    try (SocketScene scene = SocketScene.ofCalls(limits(10, 1000))) {
      try (RawWebSocket socket = scene.open();
          RawClient http = new RawClient(scene.server.address())) {
        eventually("both count", () -> scene.server.openConnections() == 2);
        socket.send("[]");
        assertEquals(-32600, next(socket).get("error").get("code").asInt());
        assertTrue(http.isSilent());
      }
      eventually("none counts", () -> scene.server.openConnections() == 0);
    }
  }
}
