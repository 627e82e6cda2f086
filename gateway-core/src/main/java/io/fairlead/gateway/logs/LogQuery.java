package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A log query whose block range is known, so that it can be asked in parts.
 *
 * <p>The filter is one parameter with {@code fromBlock}, {@code toBlock}, {@code address}, {@code
 * topics} (execution-apis, {@code eth_getLogs}). {@code latest}, null and an absent bound stand for
 * the newest block that the chain is known to have; a number beyond it counts as it, for sizing. In
 * a part, the outer bounds keep the words of the client, so that what is asked does not depend on
 * our estimate; only the bounds between parts are ours. A query by block hash, one with {@code
 * pending}, {@code safe} or {@code finalized}, one that is reversed and one with a key twice or
 * with escapes is no such query.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: reads the message's body, which
 * must live longer.
 */
final class LogQuery {
  private static final long UNKNOWN = -1;
  private static final byte[] FROM = JsonSkip.ascii("fromBlock");
  private static final byte[] TO = JsonSkip.ascii("toBlock");
  private static final byte[] ADDRESS = JsonSkip.ascii("address");
  private static final byte[] TOPICS = JsonSkip.ascii("topics");
  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final byte[] LATEST = JsonSkip.ascii("latest");
  private static final byte[] EARLIEST = JsonSkip.ascii("earliest");
  private static final byte[] START = JsonSkip.ascii("{\"jsonrpc\":\"2.0\",\"id\":");
  private static final int ROOM = 256;

  private final CallMessage message;
  private final ByteBuf body;
  private final Span fromSpan = new Span();
  private final Span toSpan = new Span();
  private final Span address = new Span();
  private final Span topics = new Span();
  private int[] others = new int[0];
  private long from;
  private long to;
  private @Nullable FilterLists lists;

  /** Where a value stands in the body; absent while the start is negative. */
  private static final class Span {
    private int start = -1;
    private int end = -1;

    /** False the second time. */
    boolean trySet(int from, int upTo) {
      if (start >= 0) {
        return false;
      }
      start = from;
      end = upTo;
      return true;
    }
  }

  private LogQuery(CallMessage message) {
    this.message = message;
    this.body = message.body();
  }

  /**
   * Understands a call.
   *
   * @param message the call
   * @param headBlocks the chain's newest block, -1 while unknown
   * @return null if it can only be asked as it is
   */
  static @Nullable LogQuery of(CallMessage message, long headBlocks) {
    CallSpans spans = message.spans();
    int start = spans.parameterStart(0);
    if (message.isNotification()
        || spans.parameterCount() != 1
        || message.body().getByte(start) != '{') {
      return null;
    }
    LogQuery query = new LogQuery(message);
    boolean isPlain = query.tryRead(start, start + spans.parameterLength(0));
    return isPlain && query.tryBound(headBlocks) ? query : null;
  }

  private boolean tryRead(int start, int end) {
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(body, at, end);
      int valueStart = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(body, valueStart, end);
      if (body.indexOf(at, keyEnd, (byte) '\\') >= 0
          || !tryNote(at, keyEnd, valueStart, valueEnd)) {
        return false;
      }
      at = JsonSkip.nextKey(body, valueEnd, end);
    }
    return true;
  }

  private boolean tryNote(int key, int keyEnd, int start, int end) {
    if (JsonSkip.isKey(body, key, keyEnd, FROM)) {
      return fromSpan.trySet(start, end);
    } else if (JsonSkip.isKey(body, key, keyEnd, TO)) {
      return toSpan.trySet(start, end);
    } else if (JsonSkip.isKey(body, key, keyEnd, ADDRESS)) {
      return address.trySet(start, end);
    } else if (JsonSkip.isKey(body, key, keyEnd, TOPICS)) {
      return topics.trySet(start, end);
    } else if (JsonSkip.isKey(body, key, keyEnd, BLOCK_HASH)) {
      return body.getByte(start) == 'n';
    }
    others = Arrays.copyOf(others, others.length + 2);
    others[others.length - 2] = key;
    others[others.length - 1] = end;
    return true;
  }

  private boolean tryBound(long head) {
    from = bound(fromSpan, head);
    long last = bound(toSpan, head);
    to = head >= from && last > head ? head : last;
    return from >= 0 && to >= from;
  }

  private long bound(Span span, long head) {
    if (span.start < 0 || body.getByte(span.start) == 'n') {
      return head;
    }
    if (body.getByte(span.start) != '"') {
      return UNKNOWN;
    }
    if (JsonSkip.isKey(body, span.start, span.end, LATEST)) {
      return head;
    }
    if (JsonSkip.isKey(body, span.start, span.end, EARLIEST)) {
      return 0;
    }
    return HexQuantity.parse(body, span.start + 1, span.end - span.start - 2);
  }

  /** The first block. */
  long from() {
    return from;
  }

  /** The last block, as far as is known. */
  long to() {
    return to;
  }

  /** How many blocks it spans. */
  long blocks() {
    return to - from + 1;
  }

  /**
   * The block that an upstream must have to answer up to a block.
   *
   * @param last a part's last block
   * @return the same; -1 if it stands for a tag, of which each upstream has its own idea
   */
  long numberAt(long last) {
    boolean isTag =
        last == to
            && (toSpan.start < 0 || body.getByte(Math.min(toSpan.start + 1, toSpan.end)) != '0');
    return isTag ? -1 : last;
  }

  /** The client's words. */
  CallMessage message() {
    return message;
  }

  /** A number for what is asked of each block: equal for queries that differ by the range alone. */
  long fingerprint() {
    long hash = 0xcbf29ce484222325L;
    hash = hash(hash, address.start, address.end);
    hash = hash(hash * 31, topics.start, topics.end);
    for (int i = 0; i < others.length; i += 2) {
      hash = hash(hash * 31, others[i], others[i + 1]);
    }
    return hash;
  }

  private long hash(long before, int start, int end) {
    long hash = before;
    for (int i = start; i < end; i++) {
      hash = (hash ^ body.getByte(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The alternatives that it names. */
  FilterLists lists() {
    FilterLists known = lists;
    if (known == null) {
      known = FilterLists.of(body, address.start, topics.start, message.spans().end());
      lists = known;
    }
    return known;
  }

  /**
   * A part as a call with the client's id.
   *
   * @param first its first block
   * @param last its last block
   * @param slice which of the alternatives it asks for; null for all
   * @return to be released by the caller
   */
  ByteBuf toCall(ByteBufAllocator alloc, long first, long last, FilterLists.@Nullable Slice slice) {
    CallSpans spans = message.spans();
    ByteBuf call = alloc.buffer(ROOM + spans.length());
    call.writeBytes(START).writeBytes(body, spans.idStart(), spans.idLength());
    ByteBufUtil.writeAscii(call, ",\"method\":\"");
    call.writeBytes(body, spans.methodStart(), spans.methodLength());
    ByteBufUtil.writeAscii(call, "\",\"params\":[{\"fromBlock\":");
    writeBound(call, first == from ? fromSpan : null, first);
    ByteBufUtil.writeAscii(call, ",\"toBlock\":");
    writeBound(call, last == to ? toSpan : null, last);
    writeWhat(call, slice);
    ByteBufUtil.writeAscii(call, "}]}");
    return call;
  }

  private void writeBound(ByteBuf call, @Nullable Span words, long number) {
    if (words == null) {
      ByteBufUtil.writeAscii(call, "\"0x" + Long.toHexString(number) + '"');
    } else if (words.start < 0) {
      ByteBufUtil.writeAscii(call, "null");
    } else {
      call.writeBytes(body, words.start, words.end - words.start);
    }
  }

  private void writeWhat(ByteBuf call, FilterLists.@Nullable Slice slice) {
    for (int i = 0; i < others.length; i += 2) {
      call.writeByte(',').writeBytes(body, others[i], others[i + 1] - others[i]);
    }
    if (address.start >= 0) {
      ByteBufUtil.writeAscii(call, ",\"address\":");
      if (slice == null) {
        call.writeBytes(body, address.start, address.end - address.start);
      } else {
        slice.writeAddress(call);
      }
    }
    if (topics.start >= 0) {
      ByteBufUtil.writeAscii(call, ",\"topics\":");
      if (slice == null) {
        call.writeBytes(body, topics.start, topics.end - topics.start);
      } else {
        slice.writeTopics(call);
      }
    }
  }
}
