package io.fairlead.gateway.cache;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The block that a result says it is of.
 *
 * @param number its height
 * @param hash its hash as the result writes it
 */
record BlockShown(long number, String hash) {
  private static final byte[] NUMBER = JsonSkip.ascii("number");
  private static final byte[] HASH = JsonSkip.ascii("hash");
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final int HASH_CHARS = 66;

  /**
   * Reads a result.
   *
   * @param shows where the method's results say it
   * @param answer an answer with a result
   * @return null if the result does not say both, as that of a pending transaction
   */
  static @Nullable BlockShown of(MethodSpec.Shows shows, SharedAnswer answer) {
    return switch (shows) {
      case NUMBER -> read(answer.value(), NUMBER, HASH);
      case BLOCK_NUMBER -> read(answer.value(), BLOCK_NUMBER, BLOCK_HASH);
      default -> null;
    };
  }

  private static @Nullable BlockShown read(ByteBuf value, byte[] numberKey, byte[] hashKey) {
    if (value.getByte(0) != '{') {
      return null;
    }
    int end = value.writerIndex();
    long number = -1;
    String hash = null;
    int at = JsonSkip.nextKey(value, 1, end);
    while (at >= 0 && (number < 0 || hash == null)) {
      int keyEnd = JsonSkip.value(value, at, end);
      int start = JsonSkip.space(value, JsonSkip.space(value, keyEnd, end) + 1, end);
      if (start >= end) {
        return null;
      }
      int valueEnd = JsonSkip.value(value, start, end);
      if (JsonSkip.isKey(value, at, keyEnd, numberKey)) {
        number = HexQuantity.parse(value, start + 1, valueEnd - start - 2);
      } else if (JsonSkip.isKey(value, at, keyEnd, hashKey)) {
        hash = hash(value, start, valueEnd);
      }
      at = isAfterObject(value, valueEnd, end) ? -1 : JsonSkip.nextKey(value, valueEnd, end);
    }
    return number < 0 || hash == null ? null : new BlockShown(number, hash);
  }

  private static boolean isAfterObject(ByteBuf value, int at, int end) {
    int next = JsonSkip.space(value, at, end);
    return next >= end || value.getByte(next) == '}';
  }

  private static @Nullable String hash(ByteBuf value, int start, int end) {
    return end - start == HASH_CHARS + 2
        ? value.toString(start + 1, HASH_CHARS, StandardCharsets.US_ASCII)
        : null;
  }
}
