package io.fairlead.gateway.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.demo.world.SimulatedChain;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What clients ask: reads of old blocks and of the newest, logs, receipts, traces, transactions and
 * batches of them, each with the answer that the chain itself knows.
 *
 * <p>Thread-safety: safe, as one at a time is made.
 */
final class Questions {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What {@code routing.maxLag} allows, and one block that nobody has heard of yet. */
  private static final int MOST_LAG = 4;

  private static final int OLDEST = 100;
  private static final String DATA = "0x70a08231" + "0".repeat(64);

  private final SimulatedChain chain;
  private final RandomGenerator random;
  private long nextId;

  Questions(SimulatedChain chain, RandomGenerator random) {
    this.chain = chain;
    this.random = random;
  }

  /** A call of a question: all but the id, and what its result is. */
  private record Item(String method, String params, Predicate<JsonNode> isRight) {}

  /** What a client asks next. */
  synchronized Question next() {
    if (random.nextInt(30) > 0) {
      return one(item());
    }
    List<Item> items = new ArrayList<>();
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      items.add(item());
    }
    return batch(items);
  }

  private Question one(Item item) {
    String id = id();
    JsonNode expected = parse(id);
    return new Question("/world", body(id, item), answer -> isRight(answer, expected, item));
  }

  private Question batch(List<Item> items) {
    List<String> ids = items.stream().map(item -> id()).toList();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      calls.add(body(ids.get(i), items.get(i)));
    }
    List<JsonNode> expected = ids.stream().map(Questions::parse).toList();
    return new Question(
        "/world",
        calls.stream().collect(Collectors.joining(",", "[", "]")),
        answer -> {
          boolean isRight = answer.isArray() && answer.size() == items.size();
          for (int i = 0; isRight && i < items.size(); i++) {
            isRight = isRight(answer.get(i), expected.get(i), items.get(i));
          }
          return isRight;
        });
  }

  private static boolean isRight(JsonNode answer, JsonNode id, Item item) {
    return answer.path("id").equals(id)
        && answer.has("result")
        && item.isRight.test(answer.get("result"));
  }

  private static String body(String id, Item item) {
    return String.format(
        Locale.ROOT,
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}",
        id,
        item.method,
        item.params);
  }

  private Item item() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> atHead("eth_blockNumber", "[]", Questions::quoted);
      case 4, 5, 6 -> {
        String account = account();
        String params = "[\"" + account + "\",\"latest\"]";
        yield atHead("eth_getBalance", params, block -> chain.balance(account, block));
      }
      case 7, 8 -> {
        String account = account();
        String params = "[{\"to\":\"" + account + "\",\"data\":\"" + DATA + "\"},\"latest\"]";
        yield atHead("eth_call", params, block -> chain.call(account, DATA, block));
      }
      case 9 -> atHead("eth_getBlockByNumber", "[\"latest\",false]", b -> chain.block(b, false));
      case 10, 11, 12 -> {
        long block = oldBlock();
        String account = account();
        String params = "[\"" + account + "\"," + quoted(block) + ']';
        yield fixed("eth_getBalance", params, chain.balance(account, block));
      }
      case 13, 14 -> {
        long block = oldBlock();
        yield fixed(
            "eth_getBlockByNumber", '[' + quoted(block) + ",true]", chain.block(block, true));
      }
      case 15, 16 -> {
        String hash = chain.transactionHash(oldBlock(), random.nextInt(4));
        String receipt = chain.receipt(hash, Long.MAX_VALUE);
        yield fixed("eth_getTransactionReceipt", "[\"" + hash + "\"]", receipt);
      }
      case 17 -> logs();
      case 18 -> {
        long block = oldBlock();
        yield fixed("debug_traceBlockByNumber", '[' + quoted(block) + ']', chain.trace(block));
      }
      default -> write();
    };
  }

  private Item logs() {
    long to = oldBlock();
    long from = to - random.nextInt(1, 40);
    String contract = account(random.nextInt(2));
    String range = "{\"fromBlock\":" + quoted(from) + ",\"toBlock\":" + quoted(to);
    String filter = '[' + range + ",\"address\":\"" + contract + "\"}]";
    return fixed("eth_getLogs", filter, chain.logs(from, to, contract));
  }

  private Item write() {
    byte[] transaction = new byte[110];
    random.nextBytes(transaction);
    String raw = "0x02" + HexFormat.of().formatHex(transaction);
    String hash = '"' + SimulatedChain.rawTransactionHash(raw) + '"';
    return fixed("eth_sendRawTransaction", "[\"" + raw + "\"]", hash);
  }

  private static Item fixed(String method, String params, String result) {
    return new Item(method, params, parse(result)::equals);
  }

  /** Every block is right from the lag that is allowed at the start to the head at the end. */
  private Item atHead(String method, String params, LongFunction<String> resultAt) {
    long oldest = chain.head() - MOST_LAG;
    return new Item(
        method,
        params,
        result -> {
          for (long block = chain.head(); block >= oldest; block--) {
            if (result.equals(parse(resultAt.apply(block)))) {
              return true;
            }
          }
          return false;
        });
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

  private String account() {
    return account(random.nextInt(1_000));
  }

  private String account(int index) {
    return chain.account(index);
  }

  private long oldBlock() {
    return chain.head() - MOST_LAG - random.nextInt(1, OLDEST);
  }

  private static String quoted(long quantity) {
    return "\"0x" + Long.toHexString(quantity) + '"';
  }

  /** JSON that was written here. */
  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }
}
