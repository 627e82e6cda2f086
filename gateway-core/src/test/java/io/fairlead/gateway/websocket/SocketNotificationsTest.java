package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.subscribe.Notification;
import io.fairlead.gateway.subscribe.Subscriber;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.gateway.testing.RawWebSocket.Frame;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What subscribers are told over WebSocket: in order between answers, whole, and never more than
 * waits.
 */
final class SocketNotificationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String SUBSCRIBE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

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

  private static String restOfMessage(RawWebSocket socket) throws IOException {
    StringBuilder rest = new StringBuilder();
    Frame fragment;
    do {
      fragment = socket.read();
      rest.append(fragment.text());
    } while ((fragment.first() & RawWebSocket.FIN) == 0);
    return rest.toString();
  }

  /** Subscribers as they come, so that the test can notify them. */
  private static final class Feed implements SubscribingFactory {
    final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public Subscribing open(ChainRuntime chain, LoopContext loop, Subscriber subscriber) {
      subscribers.add(subscriber);
      return new Subscribing() {
        @Override
        public void close() {
          closed.incrementAndGet();
        }

        @Override
        public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
          sink.onWhole(
              WholeAnswer.own(
                  CallOutcome.OK, 200, message.toResult(call.loop().alloc(), "\"0x1\"")));
          return call;
        }
      };
    }

    /** To be called on the loop. */
    void tell(String text) {
      Notification notification =
          new Notification(
              Unpooled.directBuffer(text.length())
                  .writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
      subscribers.forEach(s -> s.send(notification));
      notification.release();
    }
  }

  private static void subscribe(RawWebSocket socket) throws IOException {
    for (int id = 1; id <= 2; id++) {
      socket.send(SUBSCRIBE);
      assertEquals("0x1", next(socket).get("result").asText());
    }
  }

  @Test
  void aBatchThatSubscribesIsAnsweredBeforeAnythingIsTold() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      socket.send("[" + SUBSCRIBE + "," + call(2) + "," + SUBSCRIBE + "]");
      HeldCalls.Held held = scene.calls.next();
      scene.onLoop(() -> feed.tell("{\"n\":1}"));
      scene.onLoop(() -> feed.tell("{\"n\":2}"));
      held.answer("2");
      assertEquals(3, next(socket).size());
      scene.onLoop(() -> feed.tell("{\"n\":3}"));
      for (int n = 1; n <= 3; n++) {
        assertEquals(n, next(socket).get("n").asInt());
      }
    }
  }

  @Test
  void whatWouldBeTooMuchToHoldIsToldInOrderBeforeTheBatchIsAnswered() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      socket.send("[" + SUBSCRIBE + "," + call(2) + "]");
      HeldCalls.Held held = scene.calls.next();
      String padding = "x".repeat(60_000);
      for (int n = 0; n < 20; n++) {
        String text = "{\"n\":" + n + ",\"p\":\"" + padding + "\"}";
        scene.onLoop(() -> feed.tell(text));
      }
      assertEquals(0, next(socket).get("n").asInt());
      held.answer("2");
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        JsonNode message = next(socket);
        order.add(message.isArray() ? -1 : message.get("n").asInt());
      }
      assertEquals(1, order.get(0));
      order.removeIf(n -> n < 0);
      assertEquals(IntStream.range(1, 20).boxed().toList(), order);
    }
  }

  @Test
  void whatIsHeldForAClientThatLeavesIsDropped() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed)) {
      RawWebSocket socket = scene.open();
      socket.send("[" + SUBSCRIBE + "," + call(2) + "]");
      HeldCalls.Held held = scene.calls.next();
      scene.onLoop(() -> feed.tell("{\"n\":1}"));
      socket.close();
      eventually("the call is abandoned", () -> held.abandoned);
      assertEquals(1006, scene.nextClose());
    }
  }

  @Test
  void theFirstNotificationOfATurnIsSentAtOnceAndTheOthersTogether() throws Exception {
    assumeTrue(Transport.choose(Transport.AUTO) == Transport.EPOLL);
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      socket.send(SUBSCRIBE);
      assertEquals("0x1", next(socket).get("result").asText());
      SocketWriter writer = ((CallSide) feed.subscribers.get(0)).writer();
      for (int round = 0; round < 2; round++) {
        List<Long> pending = new ArrayList<>();
        scene.onLoop(
            () -> {
              for (int n = 0; n < 3; n++) {
                feed.tell("{\"n\":" + n + "}");
                pending.add(writer.pendingBytes());
              }
            });
        assertEquals(0, pending.get(0), "nothing is left to be flushed");
        assertTrue(pending.get(1) > 0 && pending.get(2) > pending.get(1), pending.toString());
        for (int n = 0; n < 3; n++) {
          assertEquals(n, next(socket).get("n").asInt());
        }
      }
    }
  }

  @Test
  void whatIsTakenInPartGoesOnInOrder() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      socket.send(SUBSCRIBE);
      assertEquals("0x1", next(socket).get("result").asText());
      SocketWriter writer = ((CallSide) feed.subscribers.get(0)).writer();
      String padding = "x".repeat(200_000);
      AtomicLong pending = new AtomicLong();
      int told = 0;
      while (pending.get() == 0 && told < 200) {
        String text = "{\"n\":" + told + ",\"p\":\"" + padding + "\"}";
        scene.onLoop(() -> feed.tell(text));
        scene.onLoop(() -> pending.set(writer.pendingBytes()));
        told++;
      }
      assertTrue(pending.get() > 0, "all was taken");
      scene.onLoop(() -> feed.tell("{\"n\":-1}"));
      for (int n = 0; n < told; n++) {
        assertEquals(n, next(socket).get("n").asInt());
      }
      assertEquals(-1, next(socket).get("n").asInt());
    }
  }

  @Test
  void whatIsToldDuringALongAnswerFollowsIt() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      socket.send(SUBSCRIBE);
      assertEquals("0x1", next(socket).get("result").asText());
      socket.send(call(1));
      HeldCalls.Held held = scene.calls.next();
      held.start();
      held.chunk("[1,");
      assertEquals("[1,", socket.read().text());
      scene.onLoop(() -> feed.tell("{\"n\":1}"));
      held.chunk("1]");
      held.end();
      assertEquals("1]", restOfMessage(socket));
      assertEquals(1, next(socket).get("n").asInt());
    }
  }

  @Test
  void aReaderThatStopsIsLeftAndOthersGetAllInOrder() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket stopped = scene.open();
        RawWebSocket reader = scene.open()) {
      subscribe(stopped);
      subscribe(reader);
      assertEquals(2, feed.subscribers.size());
      String padding = "x".repeat(60_000);
      int told = 0;
      while (feed.closed.get() == 0 && told < 2000) {
        String text = "{\"n\":" + told + ",\"p\":\"" + padding + "\"}";
        scene.onLoop(() -> feed.tell(text));
        assertEquals(told, next(reader).get("n").asInt());
        told++;
      }
      assertEquals(1, feed.closed.get(), "nobody was left");
      assertEquals(2, scene.server.openConnections());
      scene.pass(Duration.ofSeconds(1));
      assertEquals(1013, scene.nextClose());
      eventually("it is gone", () -> scene.server.openConnections() == 1);
      scene.onLoop(() -> feed.tell("{\"n\":-1}"));
      assertEquals(-1, next(reader).get("n").asInt());
    }
  }

  @Test
  void aGapEndsTheConnectionSoThatItsClientBeginsAnew() throws Exception {
    Feed feed = new Feed();
    try (SocketScene scene = SocketScene.of(limits(10, 1000), feed);
        RawWebSocket socket = scene.open()) {
      subscribe(socket);
      scene.onLoop(() -> feed.subscribers.get(0).lose("too many blocks are missing"));
      Frame close = socket.read();
      assertEquals(1013, close.code());
      assertTrue(close.text().endsWith("too many blocks are missing"));
      eventually("its subscriptions are closed", () -> feed.closed.get() == 1);
    }
  }
}
