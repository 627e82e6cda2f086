package io.fairlead.gateway.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayContentTest {
  private static final String HEAD = "{\"id\":1,\"result\":";

  private static String content(String answer, int... cuts) {
    ArrayContent array = new ArrayContent(HEAD.length(), new byte[7]);
    StringBuilder out = new StringBuilder();
    int at = 0;
    List<Integer> ends = new ArrayList<>();
    for (int cut : cuts) {
      ends.add(cut);
    }
    ends.add(answer.length());
    for (int end : ends) {
      array.feed(buffer(answer.substring(at, end)), piece -> take(piece, out));
      at = end;
    }
    assertTrue(array.isWhole(), answer);
    return out.toString();
  }

  private static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static void take(ByteBuf piece, StringBuilder out) {
    out.append(piece.toString(StandardCharsets.UTF_8));
    piece.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | ``",
        "[ ] | ``",
        "null | ``",
        "[1,2] | `1,2`",
        "[ {\"a\":[1]} , {\"b\":\"]}\"} ] | `{\"a\":[1]} , {\"b\":\"]}\"} `",
        "[{\"a\":\"\\\\\"},{\"b\":\"\\\"]\"}] | `{\"a\":\"\\\\\"},{\"b\":\"\\\"]\"}`",
      })
  void theContentIsTheSameWhereverTheAnswerIsCut(String value, String expected) {
    String answer = HEAD + value + ",\"jsonrpc\":\"2.0\",\"more\":[1]}";
    for (int first = 0; first <= answer.length(); first++) {
      for (int second = first; second <= answer.length(); second++) {
        assertEquals(expected, content(answer, first, second), value + " " + first + " " + second);
      }
    }
  }

  @Test
  void whatIsNoWholeArrayIsTold() {
    for (String value : List.of("{}", "[1,2", "\"0x\"", "[{\"a\":\"]\"")) {
      ArrayContent array = new ArrayContent(HEAD.length(), new byte[7]);
      array.feed(buffer(HEAD + value), ByteBuf::release);
      assertFalse(array.isWhole(), value);
    }
  }

  @Test
  void logsAreCutApartWhereverTheyArrive() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      List<String> logs = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        logs.add(
            "{\"topics\":[\"0x1\",\"a]}\\\"\"],\"logIndex\":\"0x"
                + Integer.toHexString(i)
                + "\",\"blockNumber\":\"0x10\"}");
      }
      String text = String.join(" , ", logs);
      LogCutter cutter = new LogCutter(UnpooledByteBufAllocator.DEFAULT, new byte[16]);
      for (int at = 0; at < text.length(); ) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(40));
        cutter.feed(buffer(text.substring(at, end)));
        at = end;
      }
      List<String> found = new ArrayList<>();
      while (cutter.peek() != null) {
        take(cutter.take().json(), found);
      }
      assertEquals(logs, found);
      assertEquals(0, cutter.bytes());
      cutter.release();
    }
  }

  private static void take(ByteBuf log, List<String> found) {
    found.add(log.toString(StandardCharsets.UTF_8));
    log.release();
  }
}
