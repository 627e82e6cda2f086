package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;

/**
 * How a method's answer depends on the head of the chain.
 *
 * <p>Written in the method data as {@code never}, {@code always}, {@code block:N} (parameter N is a
 * number, a tag, a hash or an object with {@code blockNumber} or {@code blockHash}; absent means
 * latest), {@code block:N?} (the same, and nodes take the call without it, as the execution-apis
 * allow) or {@code range:N} (parameter N is a log filter with {@code toBlock} or {@code
 * blockHash}).
 */
public final class HeadRule {
  /** The call asks for the newest state: latest or pending, said or implied. */
  public static final long NEWEST = -1;

  /** The call asks for something behind the head that is not a height: a hash, safe, finalized. */
  public static final long BEHIND_HEAD = -2;

  /** The call has nothing to do with a block. */
  public static final long NONE = -3;

  private static final long LATEST = JsonSkip.pack("latest");
  private static final long PENDING = JsonSkip.pack("pending");
  private static final long EARLIEST = JsonSkip.pack("earliest");
  private static final long SAFE = JsonSkip.pack("safe");
  private static final byte[] FINALIZED = JsonSkip.ascii("finalized");
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final byte[] FROM_BLOCK = JsonSkip.ascii("fromBlock");
  private static final byte[] TO_BLOCK = JsonSkip.ascii("toBlock");
  private static final int HASH_LENGTH = 2 + 64 + 2;

  private enum Kind {
    NEVER,
    ALWAYS,
    BLOCK,
    RANGE
  }

  private final Kind kind;
  private final int position;
  private final boolean optional;

  private HeadRule(Kind kind, int position, boolean optional) {
    this.kind = kind;
    this.position = position;
    this.optional = optional;
  }

  /** Reads the written form. */
  static HeadRule parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return switch (text) {
        case "never" -> new HeadRule(Kind.NEVER, -1, false);
        case "always" -> new HeadRule(Kind.ALWAYS, -1, false);
        default -> throw unreadable(text);
      };
    }
    boolean optional = text.endsWith("?");
    int position = position(text.substring(colon + 1, text.length() - (optional ? 1 : 0)));
    return switch (text.substring(0, colon) + (optional ? "?" : "")) {
      case "block", "block?" -> new HeadRule(Kind.BLOCK, position, optional);
      case "range" -> new HeadRule(Kind.RANGE, position, false);
      default -> throw unreadable(text);
    };
  }

  private static int position(String text) {
    int last = CallSpans.PARAMETERS_KEPT - 1;
    if (text.length() != 1 || text.charAt(0) < '0' || text.charAt(0) > '0' + last) {
      throw new IllegalArgumentException("head: '" + text + "' (expected: 0 to " + last + ")");
    }
    return text.charAt(0) - '0';
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "head: '" + text + "' (expected: never, always, block:N, block:N? or range:N)");
  }

  int blockPosition() {
    return kind == Kind.BLOCK ? position : -1;
  }

  boolean isBlockOptional() {
    return optional;
  }

  int logFilterPosition() {
    return kind == Kind.RANGE ? position : -1;
  }

  boolean isHeadSensitive(ByteBuf body, CallSpans call) {
    return block(body, call) == NEWEST;
  }

  long block(ByteBuf body, CallSpans call) {
    return switch (kind) {
      case NEVER -> NONE;
      case ALWAYS -> NEWEST;
      case BLOCK -> parameter(body, call, BLOCK_NUMBER);
      case RANGE -> parameter(body, call, TO_BLOCK);
    };
  }

  long oldestBlock(ByteBuf body, CallSpans call) {
    return kind == Kind.RANGE ? parameter(body, call, FROM_BLOCK) : block(body, call);
  }

  private long parameter(ByteBuf body, CallSpans call, byte[] number) {
    int start = call.parameterStart(position);
    int end = start + call.parameterLength(position);
    if (start < 0) {
      return NEWEST;
    }
    byte first = body.getByte(start);
    if (first == '{') {
      return object(body, start, end, number);
    }
    return first == '"' ? value(body, start, end) : NEWEST;
  }

  /** Looks through an object for the member that names a block; the last one counts. */
  private static long object(ByteBuf body, int start, int end, byte[] number) {
    long found = NEWEST;
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(body, at, end);
      int valueStart = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(body, valueStart, end);
      boolean hash = JsonSkip.isKey(body, at, keyEnd, BLOCK_HASH);
      if (hash || JsonSkip.isKey(body, at, keyEnd, number)) {
        found = body.getByte(valueStart) == '"' ? value(body, valueStart, valueEnd) : found;
      }
      at = JsonSkip.nextKey(body, valueEnd, end);
    }
    return found;
  }

  /** What a string with its quotes says. Anything unknown is taken for the newest: safe. */
  private static long value(ByteBuf body, int start, int end) {
    int length = end - start;
    if (length == HASH_LENGTH) {
      return BEHIND_HEAD;
    }
    if (length > 3 && body.getByte(start + 1) == '0') {
      long number = HexQuantity.parse(body, start + 1, length - 2);
      return number >= 0 ? number : NEWEST;
    }
    long tag = JsonSkip.pack(body, start + 1, end - 1);
    if (tag == LATEST || tag == PENDING) {
      return NEWEST;
    }
    if (tag == EARLIEST) {
      return 0;
    }
    return tag == SAFE || JsonSkip.isKey(body, start, end, FINALIZED) ? BEHIND_HEAD : NEWEST;
  }
}
