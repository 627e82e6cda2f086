package io.fairlead.gateway.freshness;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.Shows;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a result of which block it is, in place and without objects; used again for one result
 * after another.
 *
 * <p>A result may be cut off, for a long one is judged by its beginning; what stands behind the cut
 * counts as not said.
 *
 * <p>Thread-safety: confined to the event loop. Ownership: what was read last is borrowed until
 * {@link #read} or {@link #clear}.
 */
final class BlockSight {
  /** Stands for no block. */
  static final long NONE = -1;

  private static final byte[] NUMBER = JsonSkip.ascii("number");
  private static final byte[] HASH = JsonSkip.ascii("hash");
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final int QUOTED_HASH = 68;

  private @Nullable ByteBuf text;
  private long number = NONE;
  private int hashAt = -1;

  /**
   * Reads a result.
   *
   * @param shows where results of the method say their block
   * @param answer what the result stands in
   * @param start the index of its first byte
   * @param end the index behind the last byte that is there
   * @return whether it says the height
   */
  boolean read(Shows shows, ByteBuf answer, int start, int end) {
    clear();
    if (start < end) {
      switch (shows) {
        case RESULT -> number = quantity(answer, start, end);
        case NUMBER -> readObject(answer, start, end, NUMBER, HASH);
        case BLOCK_NUMBER -> readObject(answer, start, end, BLOCK_NUMBER, BLOCK_HASH);
        case NOTHING -> {}
      }
    }
    return number >= 0;
  }

  private void readObject(ByteBuf answer, int start, int end, byte[] numberKey, byte[] hashKey) {
    if (answer.getByte(start) != '{') {
      return;
    }
    text = answer;
    int at = JsonSkip.nextKey(answer, start + 1, end);
    while (at >= 0 && (number < 0 || hashAt < 0)) {
      int keyEnd = JsonSkip.value(answer, at, end);
      int from = JsonSkip.space(answer, JsonSkip.space(answer, keyEnd, end) + 1, end);
      if (from >= end) {
        return;
      }
      int to = JsonSkip.value(answer, from, end);
      if (JsonSkip.isKey(answer, at, keyEnd, numberKey)) {
        number = quantity(answer, from, to);
      } else if (JsonSkip.isKey(answer, at, keyEnd, hashKey) && to - from == QUOTED_HASH) {
        hashAt = from + 1;
      }
      at = JsonSkip.nextKey(answer, to, end);
    }
  }

  private static long quantity(ByteBuf text, int start, int end) {
    if (text.getByte(start) != '"') {
      return NONE;
    }
    int quote = text.indexOf(start + 1, end, (byte) '"');
    return quote < 0 ? NONE : HexQuantity.parse(text, start + 1, quote - start - 1);
  }

  /** The block's height, or {@link #NONE}. */
  long number() {
    return number;
  }

  /** Whether the block's hash was said too. */
  boolean hasHash() {
    return hashAt >= 0;
  }

  /** Whether the block's hash is this one, in any letter case. */
  boolean isHash(String hash) {
    ByteBuf present = text;
    return present != null && hashAt >= 0 && ChainHeads.isHash(present, hashAt, hash);
  }

  /** The block's hash in lower case, null if it was not said; makes an object. */
  @Nullable String hash() {
    ByteBuf present = text;
    return present == null || hashAt < 0
        ? null
        : present
            .toString(hashAt, QUOTED_HASH - 2, StandardCharsets.US_ASCII)
            .toLowerCase(Locale.ROOT);
  }

  /** Forgets what was read. */
  void clear() {
    text = null;
    number = NONE;
    hashAt = -1;
  }
}
