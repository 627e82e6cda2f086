package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.fairlead.routing.MethodClass;
import io.netty.buffer.ByteBuf;
import java.util.Locale;

/**
 * Which class a method's calls are of: always the same, or by how many blocks a call spans.
 *
 * <p>Written in the method data as a class, such as {@code read}, or as {@code read<=10<logs@0}:
 * parameter 0 is a log filter; a call that spans up to ten blocks is of the class read, any other
 * of the class logs. Logs of the newest block cost a node what a read does, those of a year keep it
 * busy for seconds; in one class the ones would make it look fast and the others slow.
 *
 * <p><b>The span.</b> A filter with {@code blockHash} spans one block; {@code fromBlock} and {@code
 * toBlock} are numbers or tags and the newest block when absent or null (geth's {@code
 * FilterCriteria}; EIP-234). The newest block is the chain's head, so that a client that follows
 * the chain with {@code fromBlock} alone counts as what it is. A range that is reversed or beyond
 * the head is answered at once and counts as one block. Where the span cannot be told (a number in
 * no known form, an escaped key, a safe or finalized block up to another, a head that is not known)
 * the call is of the second class. When a key stands twice the last counts, as in most parsers.
 *
 * <p>Cost: one pass over the filter in place, no allocation. Thread-safety: immutable.
 */
final class ClassRule {
  private static final long LATEST = -1;
  private static final long AT_SAFE = -2;
  private static final long AT_FINALIZED = -3;
  private static final long UNKNOWN = -4;

  private static final byte[] FROM_BLOCK = JsonSkip.ascii("fromBlock");
  private static final byte[] TO_BLOCK = JsonSkip.ascii("toBlock");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final byte[] FINALIZED = JsonSkip.ascii("finalized");
  private static final long LATEST_TAG = JsonSkip.pack("latest");
  private static final long PENDING_TAG = JsonSkip.pack("pending");
  private static final long EARLIEST_TAG = JsonSkip.pack("earliest");
  private static final long SAFE_TAG = JsonSkip.pack("safe");

  private final MethodClass narrow;
  private final MethodClass wide;
  private final long blocks;
  private final int position;

  private ClassRule(MethodClass narrow, MethodClass wide, long blocks, int position) {
    this.narrow = narrow;
    this.wide = wide;
    this.blocks = blocks;
    this.position = position;
  }

  /** Reads the written form. */
  static ClassRule parse(String text) {
    int upTo = text.indexOf("<=");
    if (upTo < 0) {
      MethodClass only = classOf(text);
      return new ClassRule(only, only, 0, -1);
    }
    int beyond = text.indexOf('<', upTo + 2);
    int at = text.indexOf('@');
    if (beyond < 0 || at < beyond) {
      throw new IllegalArgumentException(
          "class: '" + text + "' (expected: a class, or like read<=10<logs@0)");
    }
    long blocks = Long.parseLong(text.substring(upTo + 2, beyond));
    int position = Integer.parseInt(text.substring(at + 1));
    if (blocks < 1 || position < 0 || position >= CallSpans.PARAMETERS_KEPT) {
      throw new IllegalArgumentException(
          "class: '" + text + "' (expected: 1 block or more, a parameter that is kept)");
    }
    return new ClassRule(
        classOf(text.substring(0, upTo)),
        classOf(text.substring(beyond + 1, at)),
        blocks,
        position);
  }

  private static MethodClass classOf(String name) {
    return MethodClass.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The class of calls of which nothing is known but the method. */
  MethodClass usual() {
    return wide;
  }

  MethodClass of(ByteBuf body, CallSpans call, long headBlocks) {
    if (position < 0) {
      return wide;
    }
    int start = call.parameterStart(position);
    if (start < 0 || body.getByte(start) != '{') {
      return wide;
    }
    return isNarrow(body, start, start + call.parameterLength(position), headBlocks)
        ? narrow
        : wide;
  }

  private boolean isNarrow(ByteBuf body, int start, int end, long head) {
    long from = LATEST;
    long to = LATEST;
    boolean isOneBlock = false;
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(body, at, end);
      int valueStart = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(body, valueStart, end);
      if (body.indexOf(at, keyEnd, (byte) '\\') >= 0) {
        return false;
      } else if (JsonSkip.isKey(body, at, keyEnd, FROM_BLOCK)) {
        from = bound(body, valueStart, valueEnd);
      } else if (JsonSkip.isKey(body, at, keyEnd, TO_BLOCK)) {
        to = bound(body, valueStart, valueEnd);
      } else if (JsonSkip.isKey(body, at, keyEnd, BLOCK_HASH)) {
        isOneBlock = body.getByte(valueStart) == '"';
      }
      at = JsonSkip.nextKey(body, valueEnd, end);
    }
    return isOneBlock || isNarrow(from, to, head);
  }

  private boolean isNarrow(long from, long to, long head) {
    if (from == UNKNOWN || to == UNKNOWN) {
      return false;
    }
    if (from < 0) {
      return from == to || from == LATEST;
    }
    if (to >= 0 && to - from < blocks) {
      return true;
    }
    return head >= 0 && head - from < blocks;
  }

  private static long bound(ByteBuf body, int start, int end) {
    byte first = body.getByte(start);
    if (first == 'n') {
      return LATEST;
    }
    if (first != '"' || end - start < 3) {
      return UNKNOWN;
    }
    if (body.getByte(start + 1) == '0') {
      long number = HexQuantity.parse(body, start + 1, end - start - 2);
      return number < 0 ? UNKNOWN : number;
    }
    long tag = JsonSkip.pack(body, start + 1, end - 1);
    if (tag == LATEST_TAG || tag == PENDING_TAG) {
      return LATEST;
    }
    if (tag == EARLIEST_TAG) {
      return 0;
    }
    if (tag == SAFE_TAG) {
      return AT_SAFE;
    }
    return JsonSkip.isKey(body, start, end, FINALIZED) ? AT_FINALIZED : UNKNOWN;
  }
}
