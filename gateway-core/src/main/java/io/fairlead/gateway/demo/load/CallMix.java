package io.fairlead.gateway.demo.load;

import io.fairlead.gateway.demo.world.SimulatedChain;
import java.util.HexFormat;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The calls of a load, by the shares of their classes.
 *
 * <p>Each call knows its right answer from the chain itself. Calls at the head accept every block
 * from {@value #MAX_LAG} behind the head at the start to the head at the end.
 *
 * <p>Thread-safety: confined to the load's event loop.
 */
final class CallMix {
  private static final int MAX_LAG = 3;
  private static final int OLDEST = 100;
  private static final int LOG_BLOCKS = 20;
  private static final String CONTRACT_DATA = "0x70a08231" + "0".repeat(64);

  private final SimulatedChain chain;
  private final CallShares shares;
  private final RandomGenerator random;
  private long nextId;

  CallMix(SimulatedChain chain, CallShares shares, RandomGenerator random) {
    this.chain = chain;
    this.shares = shares;
    this.random = random;
  }

  PlannedCall next() {
    if (random.nextDouble() < shares.batchShare()) {
      return new PlannedCall(Stream.generate(this::item).limit(3).toList(), true);
    }
    return PlannedCall.single(item());
  }

  private PlannedCall.Item item() {
    CallShares.Part part = shares.next(random);
    boolean isAtHead = random.nextDouble() < part.headSensitiveShare();
    return switch (part.methodClass()) {
      case LIGHT -> isAtHead ? lightAtHead() : light();
      case READ -> isAtHead ? readAtHead() : read();
      case LOGS -> logs();
      case TRACE -> trace();
      case WRITE -> write();
    };
  }

  private PlannedCall.Item lightAtHead() {
    return switch (random.nextInt(5)) {
      case 0, 1 -> item("eth_blockNumber", "[]", atHead(CallMix::quoted));
      case 2 -> item("eth_gasPrice", "[]", atHead(chain::gasPrice));
      default -> {
        String hash = chain.transactionHash(oldBlock(), random.nextInt(4));
        String receipt = chain.receipt(hash, Long.MAX_VALUE);
        yield item("eth_getTransactionReceipt", "[\"" + hash + "\"]", receipt::equals);
      }
    };
  }

  private PlannedCall.Item light() {
    long block = oldBlock();
    if (random.nextBoolean()) {
      String params = '[' + quoted(block) + ']';
      return item("eth_getBlockTransactionCountByNumber", params, chain.transactionCount()::equals);
    }
    int index = random.nextInt(4);
    String transaction = chain.transaction(block, index);
    String params = '[' + quoted(block) + ',' + quoted(index) + ']';
    return item("eth_getTransactionByBlockNumberAndIndex", params, transaction::equals);
  }

  private PlannedCall.Item readAtHead() {
    String account = chain.account(random.nextInt(1_000));
    int dice = random.nextInt(8);
    if (dice < 4) {
      return item(
          "eth_getBalance",
          "[\"" + account + "\",\"latest\"]",
          atHead(b -> chain.balance(account, b)));
    }
    if (dice < 7) {
      String call = "[{\"to\":\"" + account + "\",\"data\":\"" + CONTRACT_DATA + "\"},\"latest\"]";
      return item("eth_call", call, atHead(b -> chain.call(account, CONTRACT_DATA, b)));
    }
    return item("eth_getBlockByNumber", "[\"latest\",false]", atHead(b -> chain.block(b, false)));
  }

  private PlannedCall.Item read() {
    long block = oldBlock();
    if (random.nextInt(3) == 0) {
      String params = '[' + quoted(block) + ",true]";
      return item("eth_getBlockByNumber", params, chain.block(block, true)::equals);
    }
    String account = chain.account(random.nextInt(1_000));
    String balance = chain.balance(account, block);
    return item("eth_getBalance", "[\"" + account + "\"," + quoted(block) + ']', balance::equals);
  }

  private PlannedCall.Item logs() {
    long from = oldBlock() - LOG_BLOCKS;
    long to = from + LOG_BLOCKS - 1;
    String contract = chain.account(random.nextInt(2));
    String range = "{\"fromBlock\":" + quoted(from) + ",\"toBlock\":" + quoted(to);
    String filter = '[' + range + ",\"address\":\"" + contract + "\"}]";
    return item("eth_getLogs", filter, result -> result.equals(chain.logs(from, to, contract)));
  }

  private PlannedCall.Item trace() {
    long block = oldBlock();
    String params = '[' + quoted(block) + ']';
    return item("debug_traceBlockByNumber", params, chain.trace(block)::equals);
  }

  private PlannedCall.Item write() {
    byte[] transaction = new byte[110];
    random.nextBytes(transaction);
    String raw = "0x02" + HexFormat.of().formatHex(transaction);
    String hash = '"' + SimulatedChain.rawTransactionHash(raw) + '"';
    return item("eth_sendRawTransaction", "[\"" + raw + "\"]", hash::equals);
  }

  private PlannedCall.Item item(String method, String params, Predicate<String> isRight) {
    return new PlannedCall.Item(id(), method, params, isRight);
  }

  /** Ids as clients really use them: numbers, strings, and numbers that fit no double. */
  private String id() {
    long id = nextId++;
    return switch ((int) (id % 8)) {
      case 5 -> "\"call-" + id + '"';
      case 6 -> "\"\\u00e9\\n" + id + '"';
      case 7 -> "9007199254740993" + id;
      default -> Long.toString(id);
    };
  }

  /** A block that every node knows unless it lags. */
  private long oldBlock() {
    return chain.head() - 1 - random.nextInt(1, OLDEST);
  }

  private Predicate<String> atHead(LongFunction<String> resultAt) {
    long oldest = chain.head() - MAX_LAG;
    return result -> {
      for (long block = chain.head(); block >= oldest; block--) {
        if (result.equals(resultAt.apply(block))) {
          return true;
        }
      }
      return false;
    };
  }

  private static String quoted(long quantity) {
    return "\"0x" + Long.toHexString(quantity) + '"';
  }
}
