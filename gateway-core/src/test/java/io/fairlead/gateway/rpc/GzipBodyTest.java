package io.fairlead.gateway.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipBodyTest {
  private static final UnpooledByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  @Test
  void whatIsCompressedInPiecesExpandsToTheWhole() throws IOException {
    SplittableRandom random = new SplittableRandom(42);
    try (GzipBody gzip = new GzipBody()) {
      for (int round = 0; round < 50; round++) {
        byte[] original = text(random, random.nextInt(200_000));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        int from = 0;
        while (from < original.length) {
          int to = Math.min(original.length, from + 1 + random.nextInt(70_000));
          ByteBuf piece = Unpooled.copiedBuffer(original, from, to - from);
          take(gzip.compress(piece, to == original.length, ALLOC), sent);
          from = to;
        }
        if (original.length == 0) {
          take(gzip.compress(Unpooled.EMPTY_BUFFER, true, ALLOC), sent);
        }
        assertArrayEquals(original, expand(sent.toByteArray()), "round " + round);
      }
    }
  }

  @Test
  void anAnswerAfterOneThatBrokeOffIsWhole() throws IOException {
    try (GzipBody gzip = new GzipBody()) {
      gzip.compress(Unpooled.copiedBuffer(new byte[5000]), false, ALLOC).release();
      gzip.reset();
      byte[] original = text(new SplittableRandom(1), 3000);
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      take(gzip.compress(Unpooled.copiedBuffer(original), true, ALLOC), sent);
      assertArrayEquals(original, expand(sent.toByteArray()));
    }
  }

  @Test
  void aBombIsRefusedAtTheLimitAndNothingLeaks() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      out.write(new byte[1 << 20]);
    }
    ByteBuf body = Unpooled.wrappedBuffer(bomb.toByteArray());
    assertThrows(
        GzipBody.TooLargeException.class, () -> GzipBody.expand(body, (1 << 20) - 1, ALLOC));
    assertEquals(1, body.refCnt());
  }

  @Test
  void aBodyOfExactlyTheLimitPasses() throws Exception {
    byte[] original = text(new SplittableRandom(3), 10_000);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(original);
    }
    ByteBuf body = Unpooled.wrappedBuffer(compressed.toByteArray());
    ByteBuf expanded = GzipBody.expand(body, original.length, ALLOC);
    assertArrayEquals(original, ByteBufUtil.getBytes(expanded));
    expanded.release();
  }

  private static void take(ByteBuf piece, ByteArrayOutputStream to) {
    to.writeBytes(ByteBufUtil.getBytes(piece));
    piece.release();
  }

  private static byte[] expand(byte[] compressed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(SplittableRandom random, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) "0123456789abcdef\",{}".charAt(random.nextInt(20));
    }
    return text;
  }
}
