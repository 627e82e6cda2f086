package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A simulated node: follows the chain late, or fails in a way of its own. */
final class TestNode {
  /** How it fails. */
  enum Fault {
    /** Not at all. */
    NONE,
    /** It hears of blocks late. */
    LAGS,
    /** It stands still. */
    FROZEN,
    /** It does not answer. */
    DARK,
    /** It refuses connections. */
    REFUSES,
    /** It follows a branch of its own. */
    FORKED,
    /** It claims to be far ahead. */
    LIES
  }

  static final long LIE = 1_000;
  static final int SAFE_DEPTH = 16;
  static final int FINAL_DEPTH = 32;

  final String id;
  Fault fault = Fault.NONE;
  TestBlock head;
  private long salt = 1L << 40;

  TestNode(String id, TestBlock head) {
    this.id = id;
    this.head = head;
  }

  /** A block of the chain reached it. */
  void onBlock(TestBlock tip) {
    if (fault == Fault.FORKED) {
      head = new TestBlock(head, head.number + 1, salt++, Set.of(), true);
    } else if (fault != Fault.FROZEN) {
      head = tip;
    }
  }

  /** The result of a call as JSON, or an error as JSON behind an exclamation mark. */
  String answer(JsonNode call) {
    JsonNode params = call.path("params");
    return switch (call.path("method").asText()) {
      case "eth_chainId" -> "\"0x1\"";
      case "eth_syncing" -> "false";
      case "eth_blockNumber" -> quantity(head.number + lie());
      case "eth_getBlockByNumber" -> block(params.path(0).asText());
      case "eth_getBlockByHash" -> header(byHash(params.path(0).asText()), 0);
      case "eth_getBalance", "eth_call", "eth_getTransactionCount" ->
          state(params.path(1).asText("latest"));
      case "eth_getTransactionReceipt" -> receipt(params.path(0).asText());
      case "eth_getLogs" -> logs(params.path(0));
      default -> "!{\"code\":-32601,\"message\":\"the method does not exist\"}";
    };
  }

  private long lie() {
    return fault == Fault.LIES ? LIE : 0;
  }

  private @Nullable TestBlock byHash(String hash) {
    TestBlock block = head;
    while (block != null && !block.hash.equals(hash)) {
      block = block.parent;
    }
    return block;
  }

  private String block(String tag) {
    long number = height(tag);
    boolean isNewest = tag.equals("latest");
    return number > head.number ? "null" : header(head.at(number), isNewest ? lie() : 0);
  }

  private long height(String tag) {
    return switch (tag) {
      case "latest", "pending" -> head.number;
      case "safe" -> head.number - SAFE_DEPTH;
      case "finalized" -> head.number - FINAL_DEPTH;
      case "earliest" -> 0;
      default -> Long.decode(tag);
    };
  }

  private static String header(@Nullable TestBlock block, long lie) {
    if (block == null) {
      return "null";
    }
    String hash = lie == 0 ? block.hash : "0x" + "f".repeat(64);
    TestBlock parent = block.parent;
    return "{\"hash\":\""
        + hash
        + "\",\"number\":"
        + quantity(block.number + lie)
        + ",\"parentHash\":\""
        + (parent == null ? "0x" + "0".repeat(64) : lie == 0 ? parent.hash : hash)
        + "\",\"timestamp\":\"0x1\",\"transactions\":[]}";
  }

  /** What stands for state: which block it is of. */
  private String state(String tag) {
    long number = height(tag);
    TestBlock block = number > head.number ? null : head.at(number);
    return block == null
        ? "!{\"code\":-32000,\"message\":\"header not found\"}"
        : '"' + block.hash + '"';
  }

  private String receipt(String transaction) {
    TestBlock block = head.holding(transaction);
    return block == null
        ? "null"
        : "{\"blockHash\":\""
            + block.hash
            + "\",\"blockNumber\":"
            + quantity(block.number)
            + ",\"transactionHash\":\""
            + transaction
            + "\",\"logs\":[]}";
  }

  private String logs(JsonNode filter) {
    long from = height(filter.path("fromBlock").asText("latest"));
    long to = Math.min(head.number, height(filter.path("toBlock").asText("latest")));
    StringBuilder logs = new StringBuilder("[");
    for (long number = from; number <= to; number++) {
      TestBlock block = head.at(number);
      if (block != null) {
        logs.append(logs.length() == 1 ? "" : ",").append('"').append(block.hash).append('"');
      }
    }
    return logs.append(']').toString();
  }

  static String quantity(long number) {
    return "\"0x" + Long.toHexString(number) + '"';
  }
}
