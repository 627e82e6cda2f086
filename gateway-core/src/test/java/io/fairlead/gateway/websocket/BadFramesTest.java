package io.fairlead.gateway.websocket;

import static io.fairlead.gateway.testing.RawWebSocket.BINARY;
import static io.fairlead.gateway.testing.RawWebSocket.CLOSE;
import static io.fairlead.gateway.testing.RawWebSocket.CONTINUATION;
import static io.fairlead.gateway.testing.RawWebSocket.FIN;
import static io.fairlead.gateway.testing.RawWebSocket.PING;
import static io.fairlead.gateway.testing.RawWebSocket.PONG;
import static io.fairlead.gateway.testing.RawWebSocket.RSV1;
import static io.fairlead.gateway.testing.RawWebSocket.TEXT;
import static io.fairlead.gateway.testing.RawWebSocket.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.ServingPlan.WebSocketLimits;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.gateway.testing.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client must not send ends its own connection, with the code that RFC 6455 has for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadFramesTest {
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int MESSAGE_BYTES = 100_000;
  private final SocketScene scene =
      SocketScene.ofEcho(new WebSocketLimits(MESSAGE_BYTES, 10, 1000, 1 << 20));

  @AfterAll
  void stop() {
    scene.close();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
    return bytes;
  }

  private static byte[] together(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] closing(int code) {
    return frame(FIN | CLOSE, bytes(code >> 8, code));
  }

  static Stream<Arguments> violations() {
    Stream<Arguments> fixed =
        Stream.of(
            Arguments.of("a frame without a mask", 1002, bytes(0x81, 1, 'a')),
            Arguments.of("RSV1 without an extension", 1002, frame(FIN | RSV1 | TEXT, bytes('a'))),
            Arguments.of("RSV2", 1002, frame(FIN | 0x20 | TEXT, bytes('a'))),
            Arguments.of("RSV3", 1002, frame(FIN | 0x10 | TEXT, bytes('a'))),
            Arguments.of("a ping in fragments", 1002, frame(PING, bytes('a'))),
            Arguments.of("a ping too long", 1002, frame(FIN | PING, new byte[126])),
            Arguments.of("a close too long", 1002, frame(FIN | CLOSE, new byte[126])),
            Arguments.of("a continuation of nothing", 1002, frame(FIN | CONTINUATION, bytes('a'))),
            Arguments.of(
                "a message inside another",
                1002,
                together(frame(TEXT, bytes('a')), frame(FIN | TEXT, bytes('b')))),
            Arguments.of("a length that is not the shortest", 1002, bytes(0x82, 0xfe, 0, 5)),
            Arguments.of("half a close code", 1002, frame(FIN | CLOSE, bytes(3))),
            Arguments.of(
                "a close reason that is not UTF-8",
                1007,
                frame(FIN | CLOSE, bytes(3, 0xe8, 0xc3, 0x28))),
            Arguments.of("text that is not UTF-8", 1007, frame(FIN | TEXT, bytes('a', 0xff))),
            Arguments.of("an overlong form", 1007, frame(FIN | TEXT, bytes(0xc0, 0x80))),
            Arguments.of("a surrogate", 1007, frame(FIN | TEXT, bytes(0xed, 0xa0, 0x80))),
            Arguments.of("beyond Unicode", 1007, frame(FIN | TEXT, bytes(0xf4, 0x90, 0x80, 0x80))),
            Arguments.of("half a character", 1007, frame(FIN | TEXT, bytes('a', 0xe2, 0x82))),
            Arguments.of(
                "a fragment that cannot become UTF-8, before the message ends",
                1007,
                together(frame(TEXT, bytes(0xce)), frame(CONTINUATION, bytes(0x28)))),
            Arguments.of(
                "a frame over the limit", 1009, bytes(0x82, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa1)),
            Arguments.of(
                "fragments over the limit",
                1009,
                together(
                    frame(BINARY, new byte[MESSAGE_BYTES]),
                    frame(FIN | CONTINUATION, new byte[1]))));
    Stream<Arguments> opcodes =
        IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
            .mapToObj(o -> Arguments.of("opcode " + o, 1002, frame(FIN | o, bytes())));
    Stream<Arguments> codes =
        IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
            .mapToObj(c -> Arguments.of("close code " + c, 1002, closing(c)));
    return Stream.of(fixed, opcodes, codes).flatMap(s -> s);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aViolationEndsTheConnectionWithItsCode(String what, int code, byte[] sent)
      throws IOException {
    try (RawWebSocket bystander = scene.open();
        RawWebSocket socket = scene.open()) {
      socket.client().send(sent);
      assertEquals(code, socket.read().code(), what);
      assertTrue(socket.client().isClosedByServer(), what);
      bystander.send("still here");
      assertEquals("still here", bystander.readMessage());
    }
  }

  static Stream<Arguments> compressedViolations() {
    byte[] call = RawWebSocket.deflate("hello".getBytes(StandardCharsets.US_ASCII));
    return Stream.of(
        Arguments.of("RSV1 on a ping", 1002, frame(FIN | RSV1 | PING, bytes('a'))),
        Arguments.of("RSV2 beside RSV1", 1002, frame(FIN | RSV1 | 0x20 | TEXT, call)),
        Arguments.of(
            "RSV1 on a continuation",
            1002,
            together(frame(TEXT, bytes('a')), frame(FIN | RSV1 | CONTINUATION, call))),
        Arguments.of("nothing that expands", 1007, frame(FIN | RSV1 | TEXT, bytes(0xff, 0xff))),
        Arguments.of(
            "text that expands to no UTF-8",
            1007,
            frame(FIN | RSV1 | TEXT, RawWebSocket.deflate(bytes(0xc3, 0x28)))),
        Arguments.of(
            "a bomb",
            1009,
            frame(FIN | RSV1 | BINARY, RawWebSocket.deflate(new byte[50 * MESSAGE_BYTES]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compressedViolations")
  void aViolationOfCompressionEndsTheConnectionWithItsCode(String what, int code, byte[] sent)
      throws IOException {
    try (RawWebSocket socket = scene.open(DEFLATE)) {
      socket.client().send(sent);
      assertEquals(code, socket.read().code(), what);
      assertTrue(socket.client().isClosedByServer(), what);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4999})
  void aCloseIsAnsweredWithItsCode(int code) throws IOException {
    try (RawWebSocket socket = scene.open()) {
      socket.sendClose(code);
      assertEquals(code, socket.read().code());
      assertTrue(socket.client().isClosedByServer());
    }
  }

  @Test
  void aCloseWithoutCodeIsAnsweredWithoutOne() throws IOException {
    try (RawWebSocket socket = scene.open()) {
      socket.send(FIN | CLOSE, new byte[0]);
      assertEquals(0, socket.read().payload().length);
      assertTrue(socket.client().isClosedByServer());
    }
  }

  @Test
  void aPingIsAnsweredEvenInsideAMessageAndAPongIsNot() throws IOException {
    try (RawWebSocket socket = scene.open()) {
      socket.send(TEXT, bytes('a'));
      socket.send(FIN | PONG, bytes('x'));
      socket.send(FIN | PING, bytes('p', 'q'));
      socket.send(FIN | CONTINUATION, bytes('b'));
      Frame pong = socket.read();
      assertEquals(PONG, pong.opcode());
      assertArrayEquals(bytes('p', 'q'), pong.payload());
      assertEquals("ab", socket.readMessage());
    }
  }

  @Test
  void messagesOfAllSizesComeBackAsTheyWere() throws IOException {
    try (RawWebSocket socket = scene.open();
        RawWebSocket deflating = scene.open(DEFLATE)) {
      for (int length : new int[] {0, 1, 125, 126, 127, 2047, 2049, 65535, 65536, MESSAGE_BYTES}) {
        String text = "\u20ac".repeat(length / 3) + "a".repeat(length % 3);
        socket.send(text);
        assertEquals(text, socket.readMessage());
        deflating.sendCompressed(text);
        assertEquals(text, deflating.readMessage());
      }
    }
  }

  @Test
  void aMessageInManyPiecesIsPutTogether() throws IOException {
    try (RawWebSocket socket = scene.open()) {
      byte[] text = "\ud83d\ude00".repeat(500).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < text.length; i++) {
        int first = (i == 0 ? TEXT : CONTINUATION) | (i == text.length - 1 ? FIN : 0);
        socket.send(first, new byte[] {text[i]});
      }
      assertEquals("\ud83d\ude00".repeat(500), socket.readMessage());
    }
  }
}
