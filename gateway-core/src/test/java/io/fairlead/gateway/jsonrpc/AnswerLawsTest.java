package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer reaches the client whole and with its own id, whatever its fragments and its order. */
class AnswerLawsTest {
  private static final int ANSWERS = 1_500;
  private static final ObjectMapper JACKSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final AnswerScanner scanner = new AnswerScanner(new byte[5]);
  private final AnswerSplicer splicer =
      new AnswerSplicer(scanner, UnpooledByteBufAllocator.DEFAULT);
  private final List<ByteBuf> held = new ArrayList<>();
  private final List<ByteBuf> out = new ArrayList<>();

  /** One answer, and what the client must get. */
  private record Answer(String text, String clientId, boolean error, String value) {
    String wanted() {
      return error ? "error" : "result";
    }
  }

  private static Answer answer(Random random, JsonMaker maker) {
    String clientId = maker.one("1", "9007199254740993", "\"a\\u0062\"", "null", "-0.0", "\"\"");
    boolean error = random.nextInt(3) == 0;
    String value =
        error
            ? maker.one(
                "{\"code\":-32000,\"message\":" + maker.string() + "}",
                "{\"code\":3,\"data\":" + maker.value(2) + ",\"message\":\"m\"}",
                "{ }")
            : maker.one(
                "\"0x1\"", "{\"a\":" + maker.value(2) + "}", "[" + maker.value(3) + "]", "null");
    List<String> members = new ArrayList<>();
    members.add("\"jsonrpc\":\"2.0\"");
    members.add("\"" + (error ? "error" : "result") + "\": " + value);
    if (random.nextInt(8) > 0) {
      members.add("\"id\" :" + maker.one(clientId, clientId, "null", "9007199254740992"));
    }
    if (random.nextInt(4) == 0) {
      members.add(error ? "\"result\":null" : "\"error\":null");
    }
    Collections.shuffle(members, random);
    String text = maker.one("", " ") + "{" + String.join(maker.one(",", " , "), members) + "}";
    return new Answer(text + maker.one("", "\n"), clientId, error, value);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void theClientGetsItsIdAndTheValueAsItCame(long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    JsonMaker maker = new JsonMaker(random);
    for (int i = 0; i < ANSWERS; i++) {
      Answer answer = answer(random, maker);
      if (!isJson(answer.text())) {
        continue;
      }
      byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
      for (int split = 0; split <= bytes.length; split++) {
        String what = "seed " + seed + " split " + split + ": " + answer;
        String got = pass(answer, bytes, split, what);
        JsonNode parsed = JACKSON.readTree(got);
        assertEquals(JACKSON.readTree(answer.value()), parsed.get(answer.wanted()), what);
        assertTrue(idIs(got, answer.clientId()), () -> what + " gave " + got);
        assertTrue(got.contains(answer.value()), () -> what + " gave " + got);
      }
    }
  }

  private static boolean isJson(String text) {
    try {
      JACKSON.readTree(text);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean idIs(String answer, String id) {
    return answer.contains("\"id\" :" + id)
        || answer.startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",");
  }

  private String pass(Answer answer, byte[] bytes, int split, String what) {
    ByteBuf body = Unpooled.copiedBuffer("id " + answer.clientId(), StandardCharsets.UTF_8);
    boolean started = false;
    scanner.reset();
    for (ByteBuf fragment :
        List.of(
            Unpooled.copiedBuffer(bytes, 0, split),
            Unpooled.copiedBuffer(bytes, split, bytes.length - split))) {
      boolean decided = scanner.feed(fragment);
      held.add(fragment);
      if (decided && !started) {
        started = true;
        splicer.start(body, 3, body.readableBytes() - 3);
      }
      if (started) {
        held.forEach(piece -> splicer.write(piece, out::add));
        held.clear();
      }
    }
    assertEquals(answer.error() ? AnswerKind.ERROR : AnswerKind.RESULT, scanner.finish(), what);
    assertTrue(scanner.isComplete(), what);
    long announced = splicer.outgoingLength(bytes.length);
    splicer.finish(out::add);
    splicer.close();
    ByteBuf all = Unpooled.wrappedBuffer(out.toArray(new ByteBuf[0]));
    assertEquals(announced, all.readableBytes(), what);
    String got = new String(ByteBufUtil.getBytes(all), StandardCharsets.UTF_8);
    all.release();
    body.release();
    out.clear();
    assertEquals(0, body.refCnt(), what);
    return got;
  }
}
