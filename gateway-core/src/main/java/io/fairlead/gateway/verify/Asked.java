package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.CallSpans;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks, as far as its answer can be held to it: the records that come, which members of
 * them the call has fixed, and whether the block is.
 *
 * @param shape the records that the result is made of; null if it is none
 * @param fixed members of each record and what they must be, canonically written
 * @param scope how far the block is fixed
 * @param block the block's height if the call says it, else -1
 */
record Asked(@Nullable Shape shape, Map<String, String> fixed, Scope scope, long block) {
  /** How far a call fixes the block that is answered about. */
  enum Scope {
    /** It is named by a hash. */
    HASH,
    /** It is named by a number. */
    NUMBER,
    /** The answer tells. */
    ANSWER,
    /** It moves, or nobody knows which it is: answers cannot be compared. */
    UNFIXED
  }

  /** A method's records, and the members that its first parameters name. */
  private record Row(Shape shape, List<String> members) {}

  private static final byte[] BLOCK_HASH = JsonSkip.ascii("blockHash");
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] FROM_BLOCK = JsonSkip.ascii("fromBlock");
  private static final byte[] TO_BLOCK = JsonSkip.ascii("toBlock");
  private static final int LONGEST = 2 + 2 + 64;

  /** A member {@code blockNumber} stands for the hash if the parameter is one. */
  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          Map.entry("eth_getBlockByHash", row(Shape.BLOCK, "hash")),
          Map.entry("eth_getBlockByNumber", row(Shape.BLOCK, "number")),
          Map.entry("eth_getHeaderByHash", row(Shape.BLOCK, "hash")),
          Map.entry("eth_getHeaderByNumber", row(Shape.BLOCK, "number")),
          Map.entry("eth_getUncleByBlockNumberAndIndex", row(Shape.BLOCK)),
          Map.entry("eth_getUncleByBlockHashAndIndex", row(Shape.BLOCK)),
          Map.entry("eth_getTransactionByHash", row(Shape.TRANSACTION, "hash")),
          Map.entry(
              "eth_getTransactionByBlockNumberAndIndex",
              row(Shape.TRANSACTION, "blockNumber", "transactionIndex")),
          Map.entry(
              "eth_getTransactionByBlockHashAndIndex",
              row(Shape.TRANSACTION, "blockHash", "transactionIndex")),
          Map.entry("eth_getTransactionReceipt", row(Shape.RECEIPT, "transactionHash")),
          Map.entry("eth_getBlockReceipts", row(Shape.RECEIPT, "blockNumber")),
          Map.entry("eth_getLogs", row(Shape.LOG)));

  private static Row row(Shape shape, String... members) {
    return new Row(shape, List.of(members));
  }

  /** Whether a message asks for records that can be examined. */
  static boolean isOfRecords(CallMessage message) {
    return ROWS.containsKey(message.spec().name());
  }

  /** What a message asks. */
  static Asked of(CallMessage message) {
    Row row = ROWS.get(message.spec().name());
    Map<String, String> fixed = new HashMap<>();
    if (row != null) {
      for (int i = 0; i < row.members.size(); i++) {
        fix(fixed, row.members.get(i), parameter(message, i));
      }
    }
    Shape shape = row == null ? null : row.shape;
    return scoped(message, shape, fixed);
  }

  private static void fix(Map<String, String> fixed, String member, @Nullable String value) {
    if (value != null && Hex.isHex(value)) {
      boolean isHash = member.equals("blockNumber") && Hex.isHash(value);
      fixed.put(isHash ? "blockHash" : member, Hex.canonical(value));
    }
  }

  private static Asked scoped(
      CallMessage message, @Nullable Shape shape, Map<String, String> fixed) {
    int filter = message.spec().logFilterPosition();
    if (filter >= 0) {
      return ofFilter(message, filter, shape, fixed);
    }
    int position = message.spec().blockPosition();
    if (position >= 0) {
      String block = parameter(message, position);
      if (block == null) {
        block = member(message, position, BLOCK_HASH);
      }
      return at(block == null ? member(message, position, BLOCK_NUMBER) : block, shape, fixed);
    }
    String first = parameter(message, 0);
    boolean isNamed = first != null && Hex.isHash(first);
    Scope scope =
        switch (message.spec().needs()) {
          case NOTHING, STATE, PROOFS -> Scope.UNFIXED;
          default -> !isNamed ? Scope.UNFIXED : shape == Shape.BLOCK ? Scope.HASH : Scope.ANSWER;
        };
    boolean showsBlock = shape == Shape.TRANSACTION || shape == Shape.RECEIPT;
    return new Asked(shape, fixed, scope == Scope.ANSWER && !showsBlock ? Scope.HASH : scope, -1);
  }

  private static Asked ofFilter(
      CallMessage message, int position, @Nullable Shape shape, Map<String, String> fixed) {
    String hash = member(message, position, BLOCK_HASH);
    if (hash != null) {
      fix(fixed, "blockHash", hash);
      return at(hash, shape, fixed);
    }
    String from = member(message, position, FROM_BLOCK);
    String to = member(message, position, TO_BLOCK);
    boolean isClosed = from != null && (Hex.quantity(from) >= 0 || from.equals("earliest"));
    return at(isClosed ? to : null, shape, fixed);
  }

  private static Asked at(
      @Nullable String block, @Nullable Shape shape, Map<String, String> fixed) {
    if (block == null) {
      return new Asked(shape, fixed, Scope.UNFIXED, -1);
    }
    if (Hex.isHash(block)) {
      return new Asked(shape, fixed, Scope.HASH, -1);
    }
    long number = block.equals("earliest") ? 0 : Hex.quantity(block);
    return new Asked(shape, fixed, number < 0 ? Scope.UNFIXED : Scope.NUMBER, number);
  }

  /** A parameter that is a short string, without its quotes; null if it is anything else. */
  private static @Nullable String parameter(CallMessage message, int position) {
    CallSpans spans = message.spans();
    int start = spans.parameterStart(position);
    return start < 0 ? null : text(message.body(), start, start + spans.parameterLength(position));
  }

  /** A member, a short string, of a parameter that is an object; the last one of its name. */
  private static @Nullable String member(CallMessage message, int position, byte[] name) {
    ByteBuf body = message.body();
    int start = message.spans().parameterStart(position);
    int end = start + message.spans().parameterLength(position);
    if (start < 0 || body.getByte(start) != '{') {
      return null;
    }
    String found = null;
    int at = JsonSkip.nextKey(body, start + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(body, at, end);
      int valueStart = JsonSkip.space(body, JsonSkip.space(body, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(body, valueStart, end);
      if (JsonSkip.isKey(body, at, keyEnd, name)) {
        found = text(body, valueStart, valueEnd);
      }
      at = JsonSkip.nextKey(body, valueEnd, end);
    }
    return found;
  }

  private static @Nullable String text(ByteBuf body, int start, int end) {
    boolean isShort = end - start >= 2 && end - start <= LONGEST;
    return isShort && body.getByte(start) == '"'
        ? body.toString(start + 1, end - start - 2, StandardCharsets.US_ASCII)
        : null;
  }

  /** The block in words for an event; what the client wrote is shown only if it is hexadecimal. */
  String where() {
    if (scope == Scope.NUMBER) {
      return " at block " + block;
    }
    String hash = fixed.getOrDefault("blockHash", fixed.get("hash"));
    return hash == null ? "" : " of " + hash;
  }
}
