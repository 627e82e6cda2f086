package io.fairlead.gateway.upstream.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.upstream.socket.CarrierObserver.Moved;
import io.fairlead.gateway.upstream.socket.CarrierScene.Heard;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way calls go, and that whoever posts them cannot tell. */
class SocketPortTest {
  private final CarrierScene scene = new CarrierScene();

  @AfterEach
  void end() {
    scene.close();
  }

  private static String answer(String id, String result) {
    String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    return "200 " + body.length() + " " + body;
  }

  @Test
  void aQuietUpstreamIsAskedOverHttp() {
    scene.httpUnderWay = CarrierScene.BUSY - 1;
    scene.post("1");

    assertEquals(1, scene.overHttp);
    assertTrue(scene.upgrades.isEmpty());
  }

  @Test
  void aBusyOneIsAskedOverItsWebSocketOnceThatIsThere() {
    scene.httpUnderWay = CarrierScene.BUSY;
    scene.post("1");
    scene.post("2");
    assertEquals(2, scene.overHttp);
    assertEquals(1, scene.upgrades.size());

    ServerEnd server = scene.accept();
    Heard heard = scene.post("3");
    server.answer(0, "\"0xab\"");

    assertEquals(1, scene.overSocket);
    assertEquals(List.of(answer("3", "\"0xab\"")), heard.answers);
  }

  @Test
  void whatIsUnderWayOnTheWebSocketCountsToo() {
    ServerEnd server = scene.open();
    for (int i = 0; i < CarrierScene.BUSY; i++) {
      scene.post("1");
    }
    scene.httpUnderWay = 0;
    scene.post("2");
    assertEquals(CarrierScene.BUSY + 1, server.ids().size());

    server.answer(0, "1");
    server.answer(1, "1");
    scene.post("3");
    assertEquals(1, scene.http.size());
  }

  @Test
  void whatIsNotBriefShortAndWithAnIdGoesOverHttp() {
    final ServerEnd server = scene.open();
    scene.post("1", 7, false);
    scene.post("{}", new CarrierScene.Call(7, true, -1, 0));
    scene.post("9".repeat(SocketPort.LONGEST_BODY_BYTES), 7, true);
    scene.port.post(Unpooled.buffer(), true, new Heard());

    assertEquals(4, scene.http.size());
    assertEquals(List.of(), server.ids());
  }

  @Test
  void aFullConnectionLeavesTheRestToHttp() {
    ServerEnd server = scene.open();
    for (int i = 0; i < CallTable.MOST + 1; i++) {
      scene.post("1");
    }

    assertEquals(CallTable.MOST, server.ids().size());
    assertEquals(1, scene.http.size());
    server.answer(5, "1");
    scene.post("1");
    assertEquals(CallTable.MOST + 1, server.ids().size());
  }

  @Test
  void aCongestedConnectionIsNotUsed() {
    ServerEnd server = scene.open();
    server.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    scene.post("1");
    assertEquals(1, scene.http.size());

    server.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    scene.post("2");
    assertEquals(1, server.ids().size());
  }

  @Test
  void allOfATurnGoesOutWithOneWrite() {
    ServerEnd server = scene.open();
    for (int i = 0; i < 10; i++) {
      scene.post("1");
    }
    server.channel.runPendingTasks();

    assertEquals(1, server.channel.outboundMessages().size());
    assertEquals(10, server.ids().size());
  }

  @Test
  void noTwoCallsHaveTheSameNumberAndTheirIdsComeBack() {
    ServerEnd server = scene.open();
    Heard number = scene.post("12345");
    Heard text = scene.post("\"a, b\"");
    Heard same = scene.post("12345");
    List<String> ids = server.ids();
    assertEquals(3, ids.stream().distinct().count());

    server.say("{\"jsonrpc\":\"2.0\",\"result\":{\"id\":1},\"id\":" + ids.get(1) + "}");
    server.say("{\"id\":" + ids.get(2) + ",\"jsonrpc\":\"2.0\",\"result\":[]}");
    server.say(
        "{\"jsonrpc\":\"2.0\",\"id\":" + ids.get(0) + ",\"error\":{\"code\":3,\"message\":\"x\"}}");

    assertEquals(
        List.of("200 47 {\"jsonrpc\":\"2.0\",\"result\":{\"id\":1},\"id\":\"a, b\"}"),
        text.answers);
    assertEquals(List.of("200 40 {\"id\":12345,\"jsonrpc\":\"2.0\",\"result\":[]}"), same.answers);
    assertTrue(number.answers.get(0).contains("\"id\":12345,\"error\""), number.answers.get(0));
  }

  @Test
  void whateverTheOrderAndTheCutsEachHearsItsOwnAnswerOnce() {
    for (long seed = 0; seed < 300; seed++) {
      play(seed);
    }
  }

  private static void play(long seed) {
    try (CarrierScene scene = new CarrierScene()) {
      play(scene, seed);
    }
  }

  private static void play(CarrierScene scene, long seed) {
    Random random = new Random(seed);
    ServerEnd server = scene.open();
    int count = 1 + random.nextInt(40);
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      heard.add(scene.post(Integer.toString(i)));
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, random);
    byte[] all = stream(server.ids(), order, random);
    for (int at = 0; at < all.length; ) {
      int length = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 9000));
      server.send(Arrays.copyOfRange(all, at, at + length));
      at += length;
    }
    for (int i = 0; i < count; i++) {
      assertEquals(1, heard.get(i).answers.size(), "seed " + seed + " call " + i);
      String got = heard.get(i).answers.get(0);
      assertTrue(
          got.matches(".*\"id\":" + i + ",\"result\":\"" + i + "z*\"}"), "seed " + seed + got);
    }
    assertEquals(0, scene.strays, "seed " + seed);
  }

  /** The answers as frames, some in several, with pings between. */
  private static byte[] stream(List<String> ids, List<Integer> order, Random random) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i : order) {
      String text =
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + ids.get(i)
              + ",\"result\":\""
              + i
              + "z".repeat(random.nextInt(random.nextInt(10) == 0 ? 60_000 : 30))
              + "\"}";
      int cut = random.nextInt(text.length());
      boolean isCut = random.nextBoolean();
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      if (isCut) {
        all.writeBytes(ServerEnd.frame(0x01, Arrays.copyOfRange(bytes, 0, cut)));
        all.writeBytes(ServerEnd.frame(0x89, (byte) 1));
        all.writeBytes(ServerEnd.frame(0x80, Arrays.copyOfRange(bytes, cut, bytes.length)));
      } else {
        all.writeBytes(ServerEnd.frame(0x81, bytes));
      }
    }
    return all.toByteArray();
  }

  @Test
  void aCancelledCallIsForgottenAndTheConnectionStays() {
    ServerEnd server = scene.open();
    Heard lost = scene.post("1");
    Heard kept = scene.post("2");
    server.read();
    lost.exchange.cancel();
    lost.exchange.cancel();
    Heard next = scene.post("3");
    assertEquals(3, server.ids().size());

    server.answer(0, "\"late\"");
    server.answer(1, "2");
    server.answer(2, "3");

    assertEquals(List.of(), lost.answers);
    assertEquals(List.of(answer("2", "2")), kept.answers);
    assertEquals(List.of(answer("3", "3")), next.answers);
    assertEquals(1, scene.strays);
    assertFalse(server.isClosed());
    assertTrue(scene.moved.isEmpty());
  }

  @Test
  void whatIsNobodysAnswerIsPassedOver() {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.say("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"id\":1}}");
    server.say("{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1}");
    server.say("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}");
    server.answer(0, "1");
    server.answer(0, "2");

    assertEquals(4, scene.strays);
    assertEquals(List.of(answer("1", "1")), heard.answers);
    assertFalse(server.isClosed());
  }

  @Test
  void aMethodThatItKnowsOverHttpAloneIsAskedThere() {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.say(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + server.ids().get(0)
            + ",\"error\":{\"code\":-32601,\"message\":\"x\"}}");

    assertEquals(List.of(), heard.answers);
    assertEquals(Map.of(Moved.NOT_UNDERSTOOD, 1), scene.moved);
    assertEquals(1, scene.http.size());
    assertTrue(scene.bodies().get(0).contains("\"id\":1,"));
    scene.post("2");
    assertEquals(1, server.ids().size());
    scene.post("3", 8, true);
    assertEquals(2, server.ids().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {-32700, -32600, -32602})
  void whatItDoesNotUnderstandIsAskedOverHttpThisOnce(int code) {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.say("{\"id\":" + server.ids().get(0) + ",\"error\":{\"code\":" + code + "}}");

    assertEquals(List.of(), heard.answers);
    assertEquals(Map.of(Moved.NOT_UNDERSTOOD, 1), scene.moved);
    scene.post("2");
    assertEquals(2, server.ids().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {-32603, -32599, -32000, 3, -32005, -32701})
  void otherErrorsAreAnswers(int code) {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.say("{\"id\":" + server.ids().get(0) + ",\"error\":{\"code\":" + code + "}}");

    assertEquals(1, heard.answers.size());
    assertTrue(scene.moved.isEmpty());
  }

  @Test
  void whatWasMovedIsCancelledAndHeldBackThere() {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.read();
    heard.exchange.setReading(false);
    server.channel.close();
    CarrierScene.Exchange moved = (CarrierScene.Exchange) scene.http.get(0).exchange();
    assertFalse(moved.isReading);

    heard.exchange.setReading(true);
    assertTrue(moved.isReading);
    heard.exchange.cancel();
    assertTrue(moved.isCancelled);
  }

  @Test
  void afterAMinuteWithoutACallItIsClosed() {
    ServerEnd server = scene.open();
    scene.post("1");
    server.answer(0, "1");
    for (int i = 0; i < 59; i++) {
      scene.pass(Duration.ofSeconds(1));
      server.send(ServerEnd.frame(0x8a));
    }
    assertFalse(server.isClosed());

    scene.pass(Duration.ofSeconds(11));

    assertTrue(server.isClosed());
    assertEquals("opcode 8", server.read().heard.get(server.heard.size() - 1));
    assertEquals(0, scene.open);
    scene.post("2");
    assertEquals(2, scene.upgrades.size(), "and opened again when it is wanted");
  }

  @Test
  void aPortThatIsClosedFinishesWhatIsUnderWay() {
    ServerEnd server = scene.open();
    Heard heard = scene.post("1");
    server.read();
    scene.port.close();
    scene.post("2");
    assertEquals(1, server.ids().size());
    assertFalse(server.isClosed());

    server.answer(0, "1");

    assertEquals(List.of(answer("1", "1")), heard.answers);
    assertTrue(server.isClosed());
  }

  @Test
  void aPortThatIsClosedConnectsNoMore() {
    scene.httpUnderWay = CarrierScene.BUSY;
    scene.post("1");
    scene.port.close();
    scene.post("2");

    assertEquals(1, scene.cancelledUpgrades);
    assertEquals(1, scene.upgrades.size());
  }
}
