package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Utf8CheckTest {
  private static final int[] EDGES = {
    0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
    0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff, 'a'
  };

  @Test
  void itAgreesWithTheJdkWhereverTheTextIsCut() {
    long seed = 20_251_121;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) EDGES[random.nextInt(EDGES.length)];
      }
      int cut = random.nextInt(bytes.length + 1);
      int state = Utf8Check.next(Utf8Check.BETWEEN, part(bytes, 0, cut));
      if (state != Utf8Check.BROKEN) {
        state = Utf8Check.next(state, part(bytes, cut, bytes.length));
      }
      assertEquals(
          isUtf8(bytes), state == Utf8Check.BETWEEN, () -> seed + " " + Arrays.toString(bytes));
    }
  }

  private static ByteBuf part(byte[] bytes, int from, int to) {
    return Unpooled.wrappedBuffer(bytes, from, to - from);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
