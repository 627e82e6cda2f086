package io.fairlead.gateway.freshness;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.netty.buffer.ByteBuf;

/**
 * Reads which block a call names: a height, or one of the codes below.
 *
 * <p>Besides strings there are objects as EIP-1898 has them, with {@code blockNumber} or {@code
 * blockHash}; they are respected as they are.
 *
 * <p>Cost: in place, no objects. Thread-safety: stateless.
 */
final class BlockParameter {
  /** The newest block, said or implied. */
  static final long LATEST = -1;

  /** The block that is being made. */
  static final long PENDING = -2;

  /** The newest safe block. */
  static final long SAFE = -3;

  /** The newest final block. */
  static final long FINALIZED = -4;

  /** A block by its hash. */
  static final long HASH = -5;

  /** Nothing that can be understood; nodes will say so. */
  static final long UNKNOWN = -6;

  private static final long LATEST_TAG = JsonSkip.pack("latest");
  private static final long PENDING_TAG = JsonSkip.pack("pending");
  private static final long EARLIEST_TAG = JsonSkip.pack("earliest");
  private static final long SAFE_TAG = JsonSkip.pack("safe");
  private static final byte[] FINALIZED_TAG = JsonSkip.ascii("finalized");
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final int QUOTED_HASH = 68;

  private BlockParameter() {}

  /**
   * The block that a call names by the parameter that its method has for that.
   *
   * @param body the body that was scanned
   * @param call the call's spans
   * @param spec the method; its block position is 0 or more
   * @return a height or a code
   */
  static long read(ByteBuf body, CallSpans call, MethodSpec spec) {
    int position = spec.blockPosition();
    int start = call.parameterStart(position);
    if (start < 0) {
      boolean isLeftOut =
          spec.isBlockOptional() && call.isPositional() && call.parameterCount() == position;
      return isLeftOut ? LATEST : UNKNOWN;
    }
    int end = start + call.parameterLength(position);
    byte first = body.getByte(start);
    if (first == '{') {
      return object(body, start, end);
    }
    return first == '"' ? value(body, start, end) : UNKNOWN;
  }

  private static long object(ByteBuf body, int start, int end) {
    long found = UNKNOWN;
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(body, at, end);
      int from = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int to = JsonSkip.value(body, from, end);
      if (body.getByte(from) == '"') {
        if (JsonSkip.isKey(body, at, keyEnd, BLOCK_HASH)) {
          return HASH;
        }
        if (JsonSkip.isKey(body, at, keyEnd, BLOCK_NUMBER)) {
          found = Math.max(UNKNOWN, value(body, from, to));
        }
      }
      at = JsonSkip.nextKey(body, to, end);
    }
    return found >= 0 ? found : UNKNOWN;
  }

  /**
   * What a string says.
   *
   * @param start the index of its first quote
   * @param end the index after its last
   * @return a height or a code
   */
  static long value(ByteBuf body, int start, int end) {
    if (end - start == QUOTED_HASH) {
      return HASH;
    }
    if (end - start > 3 && body.getByte(start + 1) == '0') {
      long number = HexQuantity.parse(body, start + 1, end - start - 2);
      return number >= 0 ? number : UNKNOWN;
    }
    long tag = JsonSkip.pack(body, start + 1, end - 1);
    if (tag == LATEST_TAG) {
      return LATEST;
    }
    if (tag == PENDING_TAG) {
      return PENDING;
    }
    if (tag == EARLIEST_TAG) {
      return 0;
    }
    if (tag == SAFE_TAG) {
      return SAFE;
    }
    return JsonSkip.isKey(body, start, end, FINALIZED_TAG) ? FINALIZED : UNKNOWN;
  }
}
