package io.fairlead.gateway.demo.world;

import io.fairlead.routing.time.NanoClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.jspecify.annotations.Nullable;

/**
 * One EVM chain that every simulated node serves: blocks, balances, logs and receipts as functions
 * of a seed and a block number. It grows with time and never forks.
 *
 * <p>Results are JSON text, so that whoever checks an answer compares it with what the chain says.
 *
 * <p>Thread-safety: safe.
 */
public final class SimulatedChain {
  /** The head when the chain is created. */
  public static final long FIRST_HEAD = 21_000_000;

  private static final int BLOCK = 1;
  private static final int TRANSACTION = 2;
  private static final int ACCOUNT = 3;
  private static final int STATE = 4;
  private static final int LOG = 5;
  private static final int ROOT = 6;
  private static final int TRANSACTIONS_A_BLOCK = 4;
  private static final int LOGS_A_BLOCK = 3;
  private static final int MAX_POOLED = 100_000;
  private static final String TRANSFER =
      "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
  private static final String EMPTY_BLOOM = "0x" + "0".repeat(512);

  private final Derivation derive;
  private final long chainId;
  private final long blockTimeNanos;
  private final Instant startedAt;
  private final NanoClock clock;
  private final long startNanos;
  private final Set<String> pool = ConcurrentHashMap.newKeySet();

  /**
   * A chain whose head is {@link #FIRST_HEAD} now.
   *
   * @param seed decides everything that looks random
   * @param chainId as in {@code eth_chainId}
   * @param blockTime time between blocks
   * @param startedAt the time that the first head carries, cut to seconds
   * @param clock makes the chain grow
   */
  public SimulatedChain(
      long seed, long chainId, Duration blockTime, Instant startedAt, NanoClock clock) {
    this.derive = new Derivation(seed);
    this.chainId = chainId;
    this.blockTimeNanos = blockTime.toNanos();
    this.startedAt = startedAt;
    this.clock = clock;
    this.startNanos = clock.nanoTime();
  }

  /**
   * The chain's id.
   *
   * @return as in {@code eth_chainId}
   */
  public long chainId() {
    return chainId;
  }

  /**
   * The time between blocks.
   *
   * @return nanoseconds
   */
  public long blockTimeNanos() {
    return blockTimeNanos;
  }

  /**
   * The head as the block's maker sees it.
   *
   * @return a block number
   */
  public long head() {
    return headBefore(0);
  }

  /**
   * The head some time ago: what a node sees that hears of blocks late.
   *
   * @param delayNanos how late
   * @return a block number
   */
  public long headBefore(long delayNanos) {
    long elapsed = clock.nanoTime() - startNanos - delayNanos;
    return FIRST_HEAD + Math.floorDiv(elapsed, blockTimeNanos);
  }

  /**
   * An account that exists.
   *
   * @param index any number
   * @return its address
   */
  public String account(long index) {
    return derive.address(ACCOUNT, index);
  }

  /**
   * A block's hash.
   *
   * @param number the block
   * @return 32 bytes with {@code 0x}
   */
  public String blockHash(long number) {
    return derive.hash(BLOCK, number);
  }

  /**
   * The block with a hash.
   *
   * @param hash 32 bytes with {@code 0x}
   * @return its number; -1 when there is none
   */
  public long blockNumber(String hash) {
    return derive.numberOf(BLOCK, hash);
  }

  /**
   * A transaction's hash.
   *
   * @param block the block that holds it
   * @param index its place there, 0 to 3
   * @return 32 bytes with {@code 0x}
   */
  public String transactionHash(long block, int index) {
    return derive.hash(TRANSACTION, block * TRANSACTIONS_A_BLOCK + index);
  }

  /**
   * An account's balance.
   *
   * @param address the account
   * @param block at this block
   * @return a JSON string with a quantity
   */
  public String balance(String address, long block) {
    return quoted(derive.word(STATE, Derivation.digest(address), block) >>> 4);
  }

  /**
   * What a contract answers.
   *
   * @param to the contract
   * @param data the call's data
   * @param block at this block
   * @return a JSON string of 32 bytes
   */
  public String call(String to, String data, long block) {
    long what = Derivation.digest(to) ^ Derivation.digest(data);
    return '"' + derive.hash(STATE, derive.word(STATE, what, block) >>> 1) + '"';
  }

  /**
   * The price of gas.
   *
   * @param block at this block
   * @return a JSON string with a quantity
   */
  public String gasPrice(long block) {
    return quoted(1_000_000_000L + (derive.word(STATE, block, -1) >>> 36));
  }

  /**
   * A block.
   *
   * @param number the block
   * @param full with whole transactions rather than their hashes
   * @return a JSON object
   */
  public String block(long number, boolean full) {
    StringBuilder transactions = new StringBuilder("[");
    for (int i = 0; i < TRANSACTIONS_A_BLOCK; i++) {
      transactions.append(i == 0 ? "" : ",");
      transactions.append(full ? transaction(number, i) : '"' + transactionHash(number, i) + '"');
    }
    return new JsonObject()
        .quantity("number", number)
        .text("hash", blockHash(number))
        .text("parentHash", blockHash(number - 1))
        .text("nonce", "0x0000000000000000")
        .text("sha3Uncles", root(number, 0))
        .text("logsBloom", EMPTY_BLOOM)
        .text("transactionsRoot", root(number, 1))
        .text("stateRoot", root(number, 2))
        .text("receiptsRoot", root(number, 3))
        .text("mixHash", root(number, 4))
        .text("miner", account(number % 7))
        .quantity("difficulty", 0)
        .quantity("totalDifficulty", 0)
        .text("extraData", "0x")
        .quantity("size", 1_024)
        .quantity("gasLimit", 30_000_000)
        .quantity("gasUsed", 15_000_000)
        .raw("baseFeePerGas", gasPrice(number))
        .quantity("timestamp", timestamp(number))
        .raw("uncles", "[]")
        .raw("transactions", transactions.append(']').toString())
        .toString();
  }

  /**
   * The logs of a range of blocks.
   *
   * @param from the first block
   * @param to the last block
   * @param address the contract that wrote them; null for any
   * @return a JSON array
   */
  public String logs(long from, long to, @Nullable String address) {
    StringBuilder text = new StringBuilder(4096).append('[');
    for (long block = from; block <= to; block++) {
      for (int i = 0; i < LOGS_A_BLOCK; i++) {
        String writer = account(i % 2);
        if (address == null || address.equalsIgnoreCase(writer)) {
          text.append(text.length() == 1 ? "" : ",").append(log(block, i, writer));
        }
      }
    }
    return text.append(']').toString();
  }

  /**
   * The receipt of a transaction.
   *
   * @param hash the transaction
   * @param head the newest block that the asked node knows
   * @return a JSON object; {@code null} as text when the transaction is in no known block
   */
  public String receipt(String hash, long head) {
    long number = derive.numberOf(TRANSACTION, hash);
    long block = number / TRANSACTIONS_A_BLOCK;
    if (number < 0 || block > head) {
      return "null";
    }
    int index = (int) (number % TRANSACTIONS_A_BLOCK);
    String log = index < LOGS_A_BLOCK ? log(block, index, account(index % 2)) : "";
    return new JsonObject()
        .text("transactionHash", hash)
        .quantity("transactionIndex", index)
        .text("blockHash", blockHash(block))
        .quantity("blockNumber", block)
        .text("from", account(block % 97))
        .text("to", account(block % 89))
        .quantity("cumulativeGasUsed", 21_000L * (index + 1))
        .quantity("gasUsed", 21_000)
        .raw("contractAddress", "null")
        .raw("logs", '[' + log + ']')
        .text("logsBloom", EMPTY_BLOOM)
        .quantity("status", 1)
        .quantity("type", 2)
        .raw("effectiveGasPrice", gasPrice(block))
        .toString();
  }

  /**
   * Takes a raw transaction into the pool that all nodes share.
   *
   * @param raw its bytes as hex with {@code 0x}
   * @return whether it was new
   */
  public boolean submit(String raw) {
    if (pool.size() >= MAX_POOLED) {
      pool.clear();
    }
    return pool.add(raw);
  }

  /**
   * The hash of a raw transaction: Keccak-256 of its bytes.
   *
   * @param raw its bytes as hex with {@code 0x}
   * @return 32 bytes with {@code 0x}
   * @throws IllegalArgumentException when it is not hex
   */
  public static String rawTransactionHash(String raw) {
    byte[] bytes = HexFormat.of().parseHex(raw, raw.startsWith("0x") ? 2 : 0, raw.length());
    KeccakDigest keccak = new KeccakDigest(256);
    keccak.update(bytes, 0, bytes.length);
    byte[] hash = new byte[32];
    keccak.doFinal(hash, 0);
    return "0x" + HexFormat.of().formatHex(hash);
  }

  /** A quantity as a JSON string. */
  static String quoted(long quantity) {
    return "\"0x" + Long.toHexString(quantity) + '"';
  }

  private long timestamp(long number) {
    long since = (number - FIRST_HEAD) * blockTimeNanos;
    return startedAt.plusNanos(since).getEpochSecond();
  }

  private String root(long number, int which) {
    return derive.hash(ROOT, (number << 3) + which);
  }

  /**
   * How many transactions a block holds.
   *
   * @return a JSON string with a quantity
   */
  public String transactionCount() {
    return quoted(TRANSACTIONS_A_BLOCK);
  }

  /**
   * What happened in the transactions of a block.
   *
   * @param block the block
   * @return a JSON array
   */
  public String trace(long block) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < TRANSACTIONS_A_BLOCK; i++) {
      String result =
          new JsonObject()
              .quantity("gas", 21_000)
              .raw("failed", "false")
              .text("returnValue", derive.hash(STATE, (block << 2) + i))
              .raw("structLogs", "[]")
              .toString();
      text.append(i == 0 ? "" : ",")
          .append(
              new JsonObject()
                  .text("txHash", transactionHash(block, i))
                  .raw("result", result)
                  .toString());
    }
    return text.append(']').toString();
  }

  /**
   * A transaction.
   *
   * @param block the block that holds it
   * @param index its place there, 0 to 3
   * @return a JSON object
   */
  public String transaction(long block, int index) {
    return new JsonObject()
        .text("hash", transactionHash(block, index))
        .text("blockHash", blockHash(block))
        .quantity("blockNumber", block)
        .quantity("transactionIndex", index)
        .text("from", account(block % 97))
        .text("to", account(block % 89))
        .quantity("value", 1)
        .quantity("gas", 21_000)
        .raw("gasPrice", gasPrice(block))
        .quantity("nonce", block)
        .text("input", "0x")
        .quantity("type", 2)
        .quantity("chainId", chainId)
        .toString();
  }

  private String log(long block, int index, String writer) {
    return new JsonObject()
        .text("address", writer)
        .raw("topics", "[\"" + TRANSFER + "\"]")
        .text("data", derive.hash(LOG, (block << 2) + index))
        .quantity("blockNumber", block)
        .text("transactionHash", transactionHash(block, index))
        .quantity("transactionIndex", index)
        .text("blockHash", blockHash(block))
        .quantity("logIndex", index)
        .raw("removed", "false")
        .toString();
  }

  /** The bytes of JSON text. */
  static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
