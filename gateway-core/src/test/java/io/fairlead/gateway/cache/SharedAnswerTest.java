package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.FlightScene.Asked;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shared answer says of its value, however it came: freshness reads the value there. */
final class SharedAnswerTest {
  private static final String HEAD = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";

  private final FlightScene scene = new FlightScene(64 << 20);

  @AfterEach
  void close() {
    scene.close();
  }

  /** The value as it is told to a call whose id is longer than the answer's. */
  private String value(String answer, int cut) {
    scene.ask(0, "\"an id of its own\"", "eth_getBalance", "[\"0x1\",\"0x10\"]");
    Asked asked = scene.asked.get(scene.asked.size() - 1);
    byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
    SharedAnswer shared = SharedAnswer.ofPieces(pieces(bytes, cut), "node");
    return scene.get(
        0,
        () -> {
          WholeAnswer whole =
              Objects.requireNonNull(shared).toWhole(asked.call.loop(), asked.message);
          ByteBuf told = whole.bytes();
          assertTrue(whole.valueStart() + whole.valueLength() <= told.readableBytes(), answer);
          String text =
              told.toString(whole.valueStart(), whole.valueLength(), StandardCharsets.US_ASCII);
          whole.release();
          return text;
        });
  }

  private static List<byte[]> pieces(byte[] bytes, int cut) {
    byte[] first = new byte[cut];
    byte[] rest = new byte[bytes.length - cut];
    System.arraycopy(bytes, 0, first, 0, cut);
    System.arraycopy(bytes, cut, rest, 0, rest.length);
    return rest.length == 0 ? List.of(first) : List.of(first, rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "\"0x7\"", "[]", "{\"number\":\"0x10\",\"hash\":\"0xab\"}"})
  void theValueOfAShortCopyIsTheValue(String value) {
    String answer = HEAD + value + "}";
    assertEquals(value, value(answer, answer.length()));
  }

  @Test
  void theValueOfALongCopyIsTheValueWhereverItsPiecesMeet() {
    String value = "{\"number\":\"0x10\",\"data\":\"0x" + "5".repeat(1000) + "\"}";
    String answer = HEAD + value + "}";
    for (int cut = HEAD.length() + 1; cut <= answer.length(); cut += 97) {
      assertEquals(value, value(answer, cut), "cut at " + cut);
    }
    assertEquals(value, value(answer, answer.length() - 1), "the brace alone");
  }

  @Test
  void whatFollowsTheValueIsToldWithItAndNothingBeyondTheAnswer() {
    String answer = "{\"id\":1,\"result\":\"0x7\",\"jsonrpc\":\"2.0\"}";
    assertEquals("\"0x7\",\"jsonrpc\":\"2.0\"", value(answer, answer.length()));
  }
}
