package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.client.Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client of the simulated gateway: asks one thing after another, remembers the highest block
 * that it was told of, and complains to the book about every answer that breaks a promise.
 */
final class TestClient {
  private final TestGateway gateway;
  private final Client client;
  private final SplittableRandom random;
  private final Book book;
  private final List<Own> own = new ArrayList<>();
  private final String name;
  private long told = -1;
  private long toldFinal = -1;
  private long toldState = -1;
  private boolean isBlind;
  private boolean wasUnknown;
  private int transactions;
  boolean isBusy;

  /** A transaction of the client, and the block in which it was shown to be. */
  private static final class Own {
    private final String hash;
    private @Nullable TestBlock shown;

    Own(String hash) {
      this.hash = hash;
    }
  }

  TestClient(TestGateway gateway, int index, SplittableRandom random, Book book) {
    this.gateway = gateway;
    this.name = "client" + index;
    this.client = gateway.clients.ofKey(name);
    this.random = random;
    this.book = book;
  }

  /** Asks something. */
  void act() {
    isBusy = true;
    switch (random.nextInt(10)) {
      case 0, 1 -> ask("eth_blockNumber", "", this::onHeight);
      case 2 -> ask("eth_getBlockByNumber", "\"latest\",false", this::onNewest);
      case 3 -> ask("eth_getBalance", "\"0xa\",\"latest\"", this::onState);
      case 4 -> ask("eth_call", "{\"to\":\"0xb\"}", this::onState);
      case 5 -> askOld();
      case 6 -> askLogs();
      case 7 -> ask("eth_getBlockByNumber", "\"finalized\",false", this::onFinal);
      default -> {
        if (own.isEmpty() || random.nextInt(4) == 0) {
          send();
        } else {
          askReceipt(own.get(own.size() - 1 - random.nextInt(Math.min(3, own.size()))));
        }
      }
    }
  }

  private interface Reader {
    void read(JsonNode result);
  }

  private void ask(String method, String params, Reader reader) {
    book.calls++;
    wasUnknown = gateway.isSomeForkUnknown();
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":[" + params + "]}";
    gateway.call(
        client,
        json,
        text -> {
          isBusy = false;
          JsonNode answer = TestWorld.parse(text.getBytes(StandardCharsets.UTF_8));
          if (answer.has("error")) {
            book.onError(method, answer.path("error").path("message").asText());
          } else {
            reader.read(answer.path("result"));
          }
        });
  }

  private void onHeight(JsonNode result) {
    long number = Long.decode(result.asText());
    book.check(number >= told, "head", name, number + " after " + told);
    book.check(number <= gateway.world.tip.number, "lie", name, "head " + number);
    tell(number);
  }

  private void tell(long number) {
    told = Math.max(told, number);
  }

  private void onNewest(JsonNode result) {
    long number = Long.decode(result.path("number").asText("0x0"));
    book.check(number >= told, "head", name, "block " + number + " after " + told);
    checkBlock(result.path("hash").asText(), number);
    tell(number);
  }

  private void checkBlock(String hash, long number) {
    TestBlock block = gateway.world.byHash.get(hash);
    book.checkBranch(block != null, wasUnknown, name + " was shown block " + number + " " + hash);
    if (block != null) {
      book.check(block.number == number, "block", name, number + " is " + block.number);
    }
  }

  private void onState(JsonNode result) {
    TestBlock block = gateway.world.byHash.get(result.asText());
    book.checkBranch(block != null, wasUnknown, name + " read state of " + result.asText());
    if (block != null) {
      boolean wasBlind = isBlind;
      isBlind = client.hasWrites();
      long least = wasBlind ? told : Math.max(told, toldState);
      book.check(
          block.number >= least, "state", name, "state of " + block.number + " after " + least);
      toldState = block.number;
    }
  }

  private void askOld() {
    if (told < 0) {
      act();
      return;
    }
    long number = told - random.nextInt(20);
    ask(
        "eth_getBlockByNumber",
        TestNode.quantity(number) + ",false",
        result -> {
          book.check(result.isObject(), "null", name, "no block " + number + ", told " + told);
          if (result.isObject()) {
            checkBlock(result.path("hash").asText(), number);
          }
        });
  }

  private void askLogs() {
    if (told < 0) {
      act();
      return;
    }
    long from = told - random.nextInt(3);
    boolean isToNewest = random.nextBoolean();
    String to = isToNewest ? "\"latest\"" : TestNode.quantity(told);
    long least = told;
    ask(
        "eth_getLogs",
        "{\"fromBlock\":" + TestNode.quantity(from) + ",\"toBlock\":" + to + "}",
        result -> {
          long last = from + result.size() - 1;
          book.check(last >= least, "logs", name, "logs to " + last + " after " + least);
          tell(last);
        });
  }

  private void onFinal(JsonNode result) {
    long number = Long.decode(result.path("number").asText("0x0"));
    book.check(number >= toldFinal, "final", name, number + " after " + toldFinal);
    toldFinal = Math.max(toldFinal, number);
  }

  private void send() {
    String hash =
        String.format(Locale.ROOT, "0x%064x", ((long) name.hashCode() << 32) + transactions++);
    own.add(new Own(hash));
    gateway.world.submit(hash);
    String by = "node" + random.nextInt(gateway.world.nodes.size());
    client.onAccepted(hash, List.of(gateway.upstream(by)), gateway.loop.nanoTime());
    isBusy = false;
  }

  private void askReceipt(Own transaction) {
    ask(
        "eth_getTransactionReceipt",
        '"' + transaction.hash + '"',
        result -> onReceipt(transaction, result));
  }

  private void onReceipt(Own transaction, JsonNode result) {
    TestBlock before = transaction.shown;
    if (result.isNull()) {
      boolean mustBeThere = before != null && gateway.world.tip.follows(before);
      book.check(!mustBeThere, "receipt", name, "receipt of " + transaction.hash + " is gone");
      return;
    }
    long number = Long.decode(result.path("blockNumber").asText());
    checkBlock(result.path("blockHash").asText(), number);
    transaction.shown = gateway.world.byHash.get(result.path("blockHash").asText());
    tell(number);
  }
}
