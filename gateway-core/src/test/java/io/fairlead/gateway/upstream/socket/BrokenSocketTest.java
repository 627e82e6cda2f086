package io.fairlead.gateway.upstream.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.upstream.socket.CarrierObserver.Moved;
import io.fairlead.gateway.upstream.socket.CarrierScene.Heard;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls whose connection breaks, falls silent or brings what cannot be taken. */
class BrokenSocketTest {
  private final CarrierScene scene = new CarrierScene();

  @AfterEach
  void end() {
    scene.close();
  }

  @Test
  void whenItBreaksItsCallsAreAskedAgainOverHttpOnceEach() {
    ServerEnd server = scene.open();
    for (int i = 0; i < 20; i++) {
      scene.post(Integer.toString(i));
    }
    server.read();
    server.answer(3, "1");
    server.channel.close();

    assertEquals(Map.of(Moved.ENDED, 19), scene.moved);
    assertEquals(19, scene.bodies().stream().distinct().count());
    assertEquals(19, scene.http.size());
    assertTrue(scene.bodies().stream().noneMatch(body -> body.contains("\"id\":3,")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON", "{\"jsonrpc\":", "[]", "{\"jsonrpc\":\"2.0\",\"id\":1,}"})
  void whatIsNoJsonRpcEndsIt(String text) {
    ServerEnd server = scene.open();
    scene.post("1");
    server.read().say(text);

    assertTrue(server.isClosed());
    assertEquals(Map.of(Moved.ENDED, 1), scene.moved);
  }

  @Test
  void anErrorOfWhichItDoesNotSayWhoseItIsEndsIt() {
    ServerEnd server = scene.open();
    scene.post("1");
    server.read();
    server.say("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32005,\"message\":\"x\"}}");

    assertTrue(server.isClosed());
    assertEquals(Map.of(Moved.ENDED, 1), scene.moved);
  }

  @Test
  void whatIsNoFrameEndsIt() {
    List<byte[]> bad =
        List.of(
            ServerEnd.frame(0xc1, (byte) '{'), // reserved bit
            ServerEnd.frame(0x80), // continues nothing
            ServerEnd.frame(0x83), // unknown opcode
            ServerEnd.frame(0x8b), // unknown control opcode
            ServerEnd.frame(0x09), // ping in parts
            ServerEnd.frame(0x89, new byte[126]), // long ping
            new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, '{'}, // masked
            new byte[] {(byte) 0x81, 127, -1, 0, 0, 0, 0, 0, 0, 0}); // negative length
    for (byte[] bytes : bad) {
      try (CarrierScene own = new CarrierScene()) {
        ServerEnd server = own.open();
        own.post("1");
        server.read().send(bytes);
        assertTrue(server.isClosed(), HexFormat.of().formatHex(bytes));
        assertEquals(1, own.http.size());
      }
    }
  }

  @Test
  void pingsAreAnswered() {
    ServerEnd server = scene.open();
    server.send(ServerEnd.frame(0x89, (byte) 1, (byte) 2));

    assertEquals(List.of("opcode 10"), server.read().heard);
  }

  @Test
  void anAnswerThatIsTooLongIsAskedForOverHttpAndHarmsNoOther() {
    ServerEnd server = scene.open();
    Heard tooLong = scene.post("1", 5, true);
    Heard other = scene.post("2");
    String head = "{\"jsonrpc\":\"2.0\",\"id\":" + server.ids().get(0) + ",\"result\":\"";
    byte[] whole =
        ServerEnd.frame(
            0x81,
            (head + "a".repeat(FrameReader.HELD_BYTES) + "\"}").getBytes(StandardCharsets.UTF_8));
    server.send(Arrays.copyOf(whole, 100));
    assertEquals(1, scene.http.size(), "as soon as its id is known");

    server.send(Arrays.copyOfRange(whole, 100, whole.length));
    server.answer(1, "2");

    assertEquals(Map.of(Moved.LONG, 1), scene.moved);
    assertEquals(List.of(), tooLong.answers);
    assertEquals(1, other.answers.size());
    assertEquals(0, scene.strays);
  }

  @Test
  void anAnswerThatIsTooLongIsKnownByAnIdBehindItToo() {
    ServerEnd server = scene.open();
    scene.post("1", 5, true);
    Heard other = scene.post("2");
    String id = server.ids().get(0);
    String text = "{\"result\":\"" + "a".repeat(100_000) + "\",\"id\":" + id + "}";
    byte[] half = text.substring(0, 50_000).getBytes(StandardCharsets.UTF_8);
    byte[] rest = text.substring(50_000).getBytes(StandardCharsets.UTF_8);
    server.send(ServerEnd.frame(0x01, half));
    server.send(ServerEnd.frame(0x80, rest));
    server.answer(1, "2");

    assertEquals(Map.of(Moved.LONG, 1), scene.moved);
    assertEquals(1, other.answers.size());
  }

  @Test
  void aMethodWhoseAnswerWasTooLongGoesOverHttpForTenMinutes() {
    ServerEnd server = scene.open();
    scene.post("1", 5, true);
    server.read();
    String head = "{\"jsonrpc\":\"2.0\",\"id\":" + server.ids().get(0) + ",\"result\":\"";
    server.say(head + "a".repeat(FrameReader.HELD_BYTES) + "\"}");
    for (int i = 0; i < 59; i++) {
      scene.pass(Duration.ofSeconds(10));
      scene.post("2");
      server.answer(server.ids().size() - 1, "1");
    }
    scene.http.clear();

    scene.time.advanceNanos(Duration.ofSeconds(10).toNanos() - 1);
    scene.post("3", 5, true);
    assertEquals(1, scene.http.size());
    scene.time.advanceNanos(1);
    scene.post("4", 5, true);
    assertEquals(1, scene.http.size());
  }

  @Test
  void anAnswerOfAnyLengthPassesInConstantMemory() {
    UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    ServerEnd server = new ServerEnd();
    server.channel.config().setAllocator(alloc);
    scene.httpUnderWay = CarrierScene.BUSY;
    scene.post("0");
    scene.accept(server);
    scene.post("1");
    server.read();
    long before = alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory();
    byte[] piece = "a".repeat(16_000).getBytes(StandardCharsets.UTF_8);
    server.send(ServerEnd.frame(0x01, "{\"result\":\"".getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < 1000; i++) {
      server.send(ServerEnd.frame(0x00, piece));
      long now = alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory();
      assertTrue(now - before <= FrameReader.HELD_BYTES, now + " bytes");
    }
    server.send(
        ServerEnd.frame(
            0x80, ("\",\"id\":" + server.ids().get(0) + "}").getBytes(StandardCharsets.UTF_8)));

    assertEquals(Map.of(Moved.LONG, 1), scene.moved);
    assertFalse(server.isClosed());
  }

  @Test
  void anEndlessMessageEndsIt() {
    ServerEnd server = scene.open();
    scene.post("1");
    server.read();
    server.channel.writeInbound(
        Unpooled.buffer().writeByte(0x81).writeByte(127).writeLong(65L << 20));

    assertTrue(server.isClosed());
    assertEquals(1, scene.http.size());
  }

  @Test
  void anotherIsTriedAfterADelayThatGrows() {
    scene.open().channel.close();
    scene.post("1");
    assertEquals(1, scene.upgrades.size());
    scene.pass(Duration.ofMillis(249));
    scene.post("2");
    assertEquals(1, scene.upgrades.size());
    scene.pass(Duration.ofMillis(251));
    scene.post("3");
    assertEquals(2, scene.upgrades.size());

    scene.upgrades.get(1).onFailed(WireFailure.of(WireFailure.Kind.UNREACHABLE, "x"));
    scene.pass(Duration.ofMillis(499));
    scene.post("4");
    assertEquals(2, scene.upgrades.size());
    scene.pass(Duration.ofMillis(501));
    scene.post("5");
    assertEquals(3, scene.upgrades.size());
  }

  @Test
  void newTriesDrawOnABudget() {
    try (CarrierScene poor = new CarrierScene(0, 0)) {
      poor.open().channel.close();
      for (int i = 0; i < 100; i++) {
        poor.pass(Duration.ofSeconds(10));
        poor.post("1");
      }
      assertEquals(1, poor.upgrades.size());
    }
  }

  @Test
  void whoClosesWithTryAgainLaterIsLeftAloneForAMinute() {
    ServerEnd server = scene.open();
    scene.post("1");
    server.read().send(ServerEnd.frame(0x88, (byte) 0x03, (byte) 0xf5)); // 1013
    assertTrue(server.isClosed());
    assertEquals(Map.of(Moved.ENDED, 1), scene.moved);

    expectNoUpgradeFor(Duration.ofMinutes(1));
  }

  @Test
  void whoAsksToBeLeftAloneIs() {
    scene.httpUnderWay = CarrierScene.BUSY;
    scene.post("1");
    scene.upgrades.get(0).onFailed(new WireFailure(WireFailure.Kind.REFUSED, 120, "x"));

    expectNoUpgradeFor(Duration.ofMinutes(2));
  }

  private void expectNoUpgradeFor(Duration duration) {
    scene.time.advanceNanos(duration.toNanos() - 1);
    scene.post("2");
    assertEquals(1, scene.upgrades.size());
    scene.time.advanceNanos(1);
    scene.post("3");
    assertEquals(2, scene.upgrades.size());
  }

  /** An open connection that answers within a millisecond as a rule. */
  private static ServerEnd taught(CarrierScene scene) {
    ServerEnd server = scene.open();
    for (int i = 0; i < 20; i++) {
      scene.post("1");
      server.read();
      scene.pass(Duration.ofMillis(1));
      server.answer(i, "1");
    }
    scene.http.clear();
    return server;
  }

  @Test
  void aSilentConnectionIsLeftForHttpUntilSomethingComesAndAWhileHasPassed() {
    ServerEnd server = taught(scene);
    final Heard heard = scene.post("1");
    scene.post("2");
    scene.pass(Duration.ofMillis(19));
    assertEquals(0, scene.http.size());
    scene.pass(Duration.ofMillis(21));
    assertEquals(Map.of(Moved.SILENT, 2), scene.moved);
    assertEquals("opcode 9", server.read().heard.get(server.heard.size() - 1));
    scene.post("3");
    assertEquals(3, scene.http.size());

    scene.pass(Duration.ofSeconds(1));
    scene.post("4");
    assertEquals(4, scene.http.size(), "nothing has come");
    server.answer(20, "\"late\"");
    assertEquals(List.of(), heard.answers);
    scene.post("5");

    assertEquals(4, scene.http.size());
    assertFalse(server.isClosed());
  }

  @Test
  void aConnectionThatSpeaksAgainAtOnceIsTrustedAfterAWhile() {
    ServerEnd server = taught(scene);
    scene.post("1");
    scene.pass(Duration.ofMillis(40));
    assertEquals(1, scene.http.size());
    server.send(ServerEnd.frame(0x8a));
    scene.post("2");
    assertEquals(2, scene.http.size());

    scene.pass(Duration.ofMillis(500));
    scene.post("3");

    assertEquals(2, scene.http.size());
  }

  @Test
  void aConnectionWithoutASignOfLifeForTenSecondsIsGivenUp() {
    ServerEnd server = taught(scene);
    scene.post("1");
    scene.pass(Duration.ofMillis(40));
    scene.pass(Duration.ofMillis(9_900));
    assertFalse(server.isClosed());
    scene.pass(Duration.ofMillis(100));

    assertTrue(server.isClosed());
    assertEquals(1, scene.http.size());
  }

  @Test
  void withoutBudgetSilentCallsWaitForTheirAnswers() {
    try (CarrierScene poor = new CarrierScene(1000, 2)) {
      withoutBudget(poor);
    }
  }

  private static void withoutBudget(CarrierScene poor) {
    ServerEnd server = taught(poor);
    for (int i = 0; i < 10; i++) {
      poor.post("1");
    }
    server.read();
    poor.pass(Duration.ofMillis(40));
    assertTrue(poor.http.size() <= 2, poor.http.size() + " repeats");

    int waiting = 0;
    for (int i = 20; i < 30; i++) {
      int strays = poor.strays;
      server.answer(i, "1");
      waiting += poor.strays == strays ? 1 : 0;
    }
    assertEquals(10, waiting + poor.http.size());
  }

  @Test
  void aLoopThatStoodStillSuspectsNobody() {
    ServerEnd server = taught(scene);
    scene.pass(Duration.ofMillis(100));
    scene.lagNanos = Duration.ofMillis(200).toNanos();
    scene.post("1");
    scene.pass(Duration.ofMillis(215));
    scene.lagNanos = 0;
    assertEquals(0, scene.http.size());

    server.answer(20, "1");
    scene.pass(Duration.ofSeconds(1));
    assertEquals(0, scene.http.size());
  }
}
