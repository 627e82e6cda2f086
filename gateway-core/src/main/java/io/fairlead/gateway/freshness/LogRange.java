package io.fairlead.gateway.freshness;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The range of blocks that a log filter spans, and the same filter with its tags replaced by
 * heights.
 *
 * <p>What is absent or null means latest. A filter with {@code blockHash}, with a member twice or
 * with an escaped name is left as it is.
 *
 * <p>Thread-safety: immutable; confined to a call.
 */
final class LogRange {
  private static final byte[] FROM_BLOCK = JsonSkip.ascii("fromBlock");
  private static final byte[] TO_BLOCK = JsonSkip.ascii("toBlock");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final int ABSENT = -1;
  private static final int QUOTED_HASH = 68;

  private final ByteBuf body;
  private final int start;
  private final int end;
  private int fromStart = ABSENT;
  private int fromEnd;
  private int toStart = ABSENT;
  private int toEnd;
  private int hashStart = ABSENT;
  private int hashEnd;
  private boolean isPlain = true;
  private boolean isEmpty = true;

  /**
   * Reads a filter.
   *
   * @param body what it stands in
   * @param start the index of its first byte
   * @param end the index after its last
   */
  LogRange(ByteBuf body, int start, int end) {
    this.body = body;
    this.start = start;
    this.end = end;
    if (start < 0 || body.getByte(start) != '{') {
      isPlain = false;
    } else {
      readMembers();
    }
  }

  private void readMembers() {
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      isEmpty = false;
      int keyEnd = JsonSkip.value(body, at, end);
      int from = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int to = JsonSkip.value(body, from, end);
      readMember(at, keyEnd, from, to);
      at = JsonSkip.nextKey(body, to, end);
    }
  }

  private void readMember(int key, int keyEnd, int from, int to) {
    if (JsonSkip.isKey(body, key, keyEnd, FROM_BLOCK)) {
      isPlain &= fromStart == ABSENT;
      fromStart = from;
      fromEnd = to;
    } else if (JsonSkip.isKey(body, key, keyEnd, TO_BLOCK)) {
      isPlain &= toStart == ABSENT;
      toStart = from;
      toEnd = to;
    } else if (JsonSkip.isKey(body, key, keyEnd, BLOCK_HASH)) {
      isPlain = false;
      hashStart = from;
      hashEnd = to;
    } else if (body.indexOf(key, keyEnd, (byte) '\\') >= 0) {
      isPlain = false;
    }
  }

  /** Whether the range is said, or implied, in a way that can be understood. */
  boolean isPlain() {
    return isPlain && from() != BlockParameter.UNKNOWN && to() != BlockParameter.UNKNOWN;
  }

  /** The hash of the only block, null if the filter does not name one. */
  @Nullable String blockHash() {
    boolean isHash = hashStart >= 0 && hashEnd - hashStart == QUOTED_HASH;
    return isHash ? text(hashStart + 1, hashEnd - 1) : null;
  }

  /** Where it begins: a height or a code of {@link BlockParameter}. */
  long from() {
    return bound(fromStart, fromEnd);
  }

  /** Where it ends: a height or a code of {@link BlockParameter}. */
  long to() {
    return bound(toStart, toEnd);
  }

  private long bound(int at, int atEnd) {
    if (at == ABSENT || body.getByte(at) == 'n') {
      return BlockParameter.LATEST;
    }
    return body.getByte(at) == '"' ? BlockParameter.value(body, at, atEnd) : BlockParameter.UNKNOWN;
  }

  /**
   * The filter with other bounds.
   *
   * @param heights gives for a bound what it becomes; itself to leave it as it is
   * @return JSON
   */
  String with(LongUnaryOperator heights) {
    StringBuilder json = new StringBuilder(end - start + 48);
    int at = start;
    boolean fromFirst = fromStart < toStart;
    at = fromFirst ? copy(json, at, true, heights) : copy(json, at, false, heights);
    at = fromFirst ? copy(json, at, false, heights) : copy(json, at, true, heights);
    String rest = text(at, end - 1);
    json.append(rest);
    append(json, "fromBlock", fromStart, from(), heights);
    append(json, "toBlock", toStart, to(), heights);
    return json.append('}').toString();
  }

  private int copy(StringBuilder json, int at, boolean isFrom, LongUnaryOperator heights) {
    int from = isFrom ? fromStart : toStart;
    if (from == ABSENT) {
      return at;
    }
    int to = isFrom ? fromEnd : toEnd;
    long bound = isFrom ? from() : to();
    long height = heights.applyAsLong(bound);
    json.append(text(at, from)).append(height == bound ? text(from, to) : quantity(height));
    return to;
  }

  private void append(
      StringBuilder json, String name, int present, long bound, LongUnaryOperator heights) {
    long height = heights.applyAsLong(bound);
    if (present == ABSENT && height != bound) {
      boolean isFirst = isEmpty && json.indexOf(":") < 0;
      json.append(isFirst ? "\"" : ",\"").append(name).append("\":").append(quantity(height));
    }
  }

  private String text(int from, int to) {
    return body.toString(from, to - from, StandardCharsets.UTF_8);
  }

  static String quantity(long number) {
    return "\"0x" + Long.toHexString(number) + '"';
  }
}
