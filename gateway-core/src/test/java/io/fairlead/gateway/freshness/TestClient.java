package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One client of the simulated gateway: asks one thing after another, remembers the highest block
 * that it was told of, and complains to the book about every answer that breaks a promise.
 */
final class TestClient {
  private static final int WIDEST_LOGS = 30;

  private final TestCaller caller;
  private final TestWallet wallet;
  private final SplittableRandom random;
  private long told = -1;
  private long toldFinal = -1;
  private long toldState = -1;
  private boolean isBlind;
  private String toldHash = "";
  private String toldBy = "";

  TestClient(TestGateway gateway, int index, SplittableRandom random, Book book) {
    this.caller = new TestCaller(gateway, "client" + index, book);
    this.random = random;
    this.wallet = new TestWallet(caller, index + 1, random.split(), this::tell);
  }

  boolean isBusy() {
    return caller.isBusy;
  }

  TestWallet wallet() {
    return wallet;
  }

  /** Asks something. */
  void act() {
    switch (random.nextInt(12)) {
      case 0, 1 -> caller.ask("eth_blockNumber", "", this::onHeight);
      case 2 -> caller.ask("eth_getBlockByNumber", "\"latest\",false", this::onNewest);
      case 3 -> caller.ask("eth_getBalance", "\"0xa\",\"latest\"", this::onState);
      case 4 -> caller.ask("eth_call", "{\"to\":\"0xb\"}", this::onState);
      case 5 -> askOld();
      case 6 -> askOldState();
      case 7 -> askLogs();
      case 8 -> caller.ask("eth_getBlockByNumber", "\"finalized\",false", this::onFinal);
      case 9 -> askByHash();
      default -> wallet.act();
    }
  }

  private void onHeight(JsonNode result) {
    long number = Long.decode(result.asText());
    caller.check(number >= told, "head", number + " after " + told + " of " + toldBy);
    caller.check(number <= caller.gateway.world.tip.number, "lie", "head " + number);
    tell(number);
  }

  private void tell(long number) {
    if (number > told) {
      told = number;
      toldBy = caller.last;
    }
  }

  private void onNewest(JsonNode result) {
    long number = Long.decode(result.path("number").asText("0x0"));
    caller.check(number >= told, "head", "block " + number + " after " + told + " of " + toldBy);
    toldHash = result.path("hash").asText();
    caller.checkPlace(toldHash, number);
    tell(number);
  }

  private void onState(JsonNode result) {
    TestBlock block = caller.gateway.world.byHash.get(result.asText());
    caller.checkPlace(result.asText(), block == null ? -1 : block.number);
    if (block != null) {
      boolean wasBlind = isBlind;
      isBlind = caller.client.hasWrites();
      long least = wasBlind ? told : Math.max(told, toldState);
      caller.check(block.number >= least, "state", "state of " + block.number + " after " + least);
      toldState = block.number;
    }
  }

  private void askOld() {
    if (told < 0) {
      act();
      return;
    }
    long number = told - random.nextInt(20);
    caller.ask(
        "eth_getBlockByNumber",
        TestNode.quantity(number) + ",false",
        result -> {
          caller.check(result.isObject(), "null", "no block " + number + ", told " + told);
          if (result.isObject()) {
            toldHash = result.path("hash").asText();
            caller.checkPlace(toldHash, number);
          }
        });
  }

  private void askOldState() {
    if (told < 0) {
      act();
      return;
    }
    long number = told - random.nextInt(20);
    String block = TestNode.quantity(number);
    caller.ask(
        "eth_getBalance", "\"0xa\"," + block, result -> caller.checkPlace(result.asText(), number));
  }

  /** A block that is asked for by its hash is that block, if there is one. */
  private void askByHash() {
    if (toldHash.isEmpty()) {
      act();
      return;
    }
    String hash = toldHash;
    caller.ask(
        "eth_getBlockByHash",
        '"' + hash + "\",false",
        result -> {
          boolean isIt = result.isNull() || result.path("hash").asText().equals(hash);
          caller.check(isIt, "hash", "asked for " + hash + ", got " + result);
        });
  }

  private void askLogs() {
    if (told < 0) {
      act();
      return;
    }
    long from = told - random.nextInt(random.nextInt(4) == 0 ? WIDEST_LOGS : 4);
    boolean isToNewest = random.nextBoolean();
    long least = told;
    boolean isBlindRead = caller.client.hasWrites() || caller.client.pinnedRead() != null;
    String to = isToNewest ? "\"latest\"" : TestNode.quantity(least);
    caller.ask(
        "eth_getLogs",
        "{\"fromBlock\":" + TestNode.quantity(from) + ",\"toBlock\":" + to + "}",
        result -> onLogs(result, from, least, !isBlindRead));
  }

  /** Every block's logs from the first to the last block, in order, each once. */
  private void onLogs(JsonNode result, long from, long least, boolean isTold) {
    long number = from - 1;
    int left = 0;
    Set<String> seen = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (JsonNode log : result) {
      String hash = log.path("blockHash").asText();
      long at = Long.decode(log.path("blockNumber").asText());
      if (left == 0) {
        number++;
        left = caller.block(hash).logs();
        caller.checkPlace(hash, number);
      }
      String index = log.path("logIndex").asText();
      boolean isNew = seen.add(hash + index);
      left--;
      if (at != number || !isNew) {
        wrong.add(String.format(Locale.ROOT, "%s of %d at %d", index, at, number));
      }
    }
    caller.check(wrong.isEmpty() && left == 0, "logs", "from " + from + ": " + wrong + " " + left);
    caller.check(number >= least, "logs", "logs to " + number + " after " + least);
    if (isTold) {
      tell(number);
    }
  }

  private void onFinal(JsonNode result) {
    long number = Long.decode(result.path("number").asText("0x0"));
    caller.check(number >= toldFinal, "final", number + " after " + toldFinal);
    caller.checkPlace(result.path("hash").asText(), number);
    toldFinal = Math.max(toldFinal, number);
  }
}
