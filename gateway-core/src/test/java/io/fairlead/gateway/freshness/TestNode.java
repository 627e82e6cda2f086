package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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

  /** What it does with transactions. */
  enum Pooling {
    /** It keeps them and passes them on. */
    HONEST,
    /** It accepts them and forgets them. */
    DROPS,
    /** It rejects them for no reason. */
    REJECTS,
    /** It keeps them and tells nobody. */
    HOARDS
  }

  static final long LIE = 1_000;
  static final int SAFE_DEPTH = 16;
  static final int FINAL_DEPTH = 32;
  private static final List<String> REJECTIONS =
      List.of(
          "insufficient funds for gas * price + value",
          "nonce too low",
          "txpool is full",
          "transaction underpriced",
          "invalid sender");

  final String id;
  final TestPool pool = new TestPool();
  Fault fault = Fault.NONE;
  Pooling pooling = Pooling.HONEST;
  TestBlock head;

  /** How many blocks of logs it gives at once. */
  long widestLogs = Long.MAX_VALUE;

  private final Network network;
  private final SplittableRandom random;
  private long salt = 1L << 40;

  /**
   * What it is connected to.
   *
   * @param byHash every transaction there is
   * @param byRaw the same by their bytes
   * @param forked blocks of branches that one node follows alone
   * @param gossip takes a transaction that a node passes on
   */
  record Network(
      Map<String, TestTransaction> byHash,
      Map<String, TestTransaction> byRaw,
      Map<String, TestBlock> forked,
      Gossip gossip) {}

  /** Takes a transaction that a node passes on. */
  interface Gossip {
    void pass(TestNode from, TestTransaction transaction);
  }

  TestNode(String id, TestBlock head, Network network, SplittableRandom random) {
    this.id = id;
    this.head = head;
    this.network = network;
    this.random = random;
  }

  /** Whether what it hears reaches it, and what it says the others. */
  boolean isConnected() {
    return fault != Fault.DARK
        && fault != Fault.REFUSES
        && fault != Fault.FROZEN
        && fault != Fault.FORKED;
  }

  /** A block of the chain reached it. */
  void onBlock(TestBlock tip) {
    if (fault == Fault.FORKED) {
      head = new TestBlock(head, head.number + 1, salt++, pool.minable(head));
      network.forked().put(head.hash, head);
    } else if (fault != Fault.FROZEN) {
      head = tip;
    }
  }

  /** The result of a call as JSON, or an error as JSON behind an exclamation mark. */
  String answer(JsonNode call) {
    JsonNode params = call.path("params");
    String first = params.path(0).asText();
    return switch (call.path("method").asText()) {
      case "eth_chainId" -> "\"0x1\"";
      case "eth_syncing" -> "false";
      case "eth_gasPrice" -> quantity(head.number);
      case "eth_blockNumber" -> quantity(head.number + lie());
      case "eth_getBlockByNumber" -> block(first);
      case "eth_getBlockByHash" -> header(byHash(first), 0);
      case "eth_getBalance", "eth_call" -> state(params.path(1).asText("latest"));
      case "eth_getTransactionCount" -> count(first, params.path(1).asText("latest"));
      case "eth_getTransactionReceipt" -> record(first, ",\"logs\":[]", false);
      case "eth_getTransactionByHash" -> record(first, "", true);
      case "eth_sendRawTransaction" -> send(first);
      case "eth_getLogs" -> logs(params.path(0));
      default -> error(-32601, "the method does not exist");
    };
  }

  private static String error(int code, String text) {
    return "!{\"code\":" + code + ",\"message\":\"" + text + "\"}";
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
    TestBlock block = stated(tag);
    return block == null ? error(-32000, "header not found") : '"' + block.hash + '"';
  }

  private @Nullable TestBlock stated(String tag) {
    long number = height(tag);
    return number > head.number ? null : head.at(number);
  }

  private String count(String sender, String tag) {
    if (tag.equals("pending")) {
      return quantity(pool.next(sender, head.nonce(sender)));
    }
    TestBlock block = stated(tag);
    return block == null ? error(-32000, "header not found") : quantity(block.nonce(sender));
  }

  private String record(String hash, String more, boolean isPooledShown) {
    TestTransaction transaction = network.byHash().get(hash);
    TestBlock block = transaction == null ? null : head.holding(transaction);
    boolean isPooled = transaction != null && transaction.equals(pool.at(transaction));
    if (block == null && !(isPooled && isPooledShown)) {
      return "null";
    }
    String place =
        block == null
            ? "{\"blockHash\":null,\"blockNumber\":null"
            : "{\"blockHash\":\"" + block.hash + "\",\"blockNumber\":" + quantity(block.number);
    String name = isPooledShown ? "hash" : "transactionHash";
    return place + ",\"" + name + "\":\"" + hash + '"' + more + '}';
  }

  private String send(String raw) {
    TestTransaction transaction = network.byRaw().get(raw);
    if (transaction == null) {
      return error(-32000, "rlp: expected input list");
    }
    if (pooling == Pooling.REJECTS) {
      return error(-32000, REJECTIONS.get(random.nextInt(REJECTIONS.size())));
    }
    if (pooling == Pooling.DROPS) {
      return '"' + transaction.hash() + '"';
    }
    TestTransaction present = pool.at(transaction);
    if (transaction.nonce() < head.nonce(transaction.sender())) {
      return error(-32000, "nonce too low");
    }
    if (pooling == Pooling.HONEST) {
      network.gossip().pass(this, transaction);
    }
    if (present != null) {
      boolean isSame = present.equals(transaction);
      return error(-32000, isSame ? "already known" : "replacement transaction underpriced");
    }
    pool.add(transaction);
    return '"' + transaction.hash() + '"';
  }

  private String logs(JsonNode filter) {
    long from = height(filter.path("fromBlock").asText("latest"));
    long asked = height(filter.path("toBlock").asText("latest"));
    if (asked - from + 1 > widestLogs) {
      return error(-32000, "exceed maximum block range: " + widestLogs);
    }
    StringBuilder logs = new StringBuilder("[");
    for (long number = from; number <= Math.min(head.number, asked); number++) {
      TestBlock block = head.at(number);
      for (int i = 0; block != null && i < block.logs(); i++) {
        logs.append(logs.length() == 1 ? "" : ",").append(log(block, i));
      }
    }
    return logs.append(']').toString();
  }

  private static String log(TestBlock block, int index) {
    return "{\"address\":\"0xa\",\"topics\":[],\"data\":\"0x\",\"blockHash\":\""
        + block.hash
        + "\",\"blockNumber\":"
        + quantity(block.number)
        + ",\"logIndex\":"
        + quantity(index)
        + ",\"removed\":false}";
  }

  static String quantity(long number) {
    return "\"0x" + Long.toHexString(number) + '"';
  }
}
