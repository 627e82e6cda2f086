package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.transaction.QuickAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's account: sends transactions, also out of order and twice, looks for their receipts and
 * its numbers, and in the end for each in the chain.
 */
final class TestWallet {
  private static final int MOST_MISSING = 3;

  private final TestCaller caller;
  private final long key;
  private final SplittableRandom random;
  private final LongConsumer told;
  private final List<Own> own = new ArrayList<>();
  private @Nullable QuickAccount account;

  /** A transaction of the client, and the block in which it was shown to be. */
  private static final class Own {
    private final TestTransaction made;
    private boolean isAccepted;
    private @Nullable TestBlock shown;

    Own(TestTransaction made) {
      this.made = made;
    }
  }

  TestWallet(TestCaller caller, long key, SplittableRandom random, LongConsumer told) {
    this.caller = caller;
    this.key = key;
    this.random = random;
    this.told = told;
  }

  void act() {
    int choice = random.nextInt(12);
    if (choice == 0) {
      send();
    } else if (own.isEmpty()) {
      caller.ask("eth_gasPrice", "", result -> {});
    } else if (choice < 8) {
      lookUp(own.get(own.size() - 1 - random.nextInt(Math.min(3, own.size()))));
    } else if (choice < 11) {
      askPending();
    } else {
      askNonce();
    }
  }

  private QuickAccount account() {
    QuickAccount present = account;
    if (present == null) {
      present = new QuickAccount(key);
      account = present;
    }
    return present;
  }

  private void send() {
    List<Own> missing = own.stream().filter(one -> !one.isAccepted).toList();
    if (!own.isEmpty() && random.nextInt(8) == 0) {
      send(own.get(random.nextInt(own.size())));
    } else if (missing.size() >= MOST_MISSING || (!missing.isEmpty() && random.nextBoolean())) {
      send(missing.get(random.nextInt(missing.size())));
    } else {
      send(make());
    }
  }

  /** The next transaction; now and then the one after it is made too and goes out first. */
  private Own make() {
    if (random.nextInt(6) == 0) {
      makeNext();
    }
    return makeNext();
  }

  private Own makeNext() {
    long nonce = own.size();
    QuickAccount.Made made = account().gift(1, nonce);
    TestTransaction transaction =
        new TestTransaction(made.hash(), account().address(), nonce, made.raw());
    caller.gateway.world.register(transaction);
    Own added = new Own(transaction);
    own.add(added);
    return added;
  }

  private void send(Own one) {
    boolean wasShown = one.shown != null && caller.gateway.world.tip.follows(one.shown);
    caller.ask(
        "eth_sendRawTransaction",
        '"' + one.made.raw() + '"',
        result -> {
          caller.check(result.asText().equals(one.made.hash()), "sent", "got " + result);
          one.isAccepted = true;
        },
        message -> {
          boolean isTooLow = message.contains("nonce too low");
          caller.check(!(wasShown && isTooLow), "again", "mined, and sent again: " + message);
        });
  }

  /** Sends what is not accepted yet; whether everything is. */
  boolean finish() {
    for (Own one : own) {
      if (!one.isAccepted) {
        if (!caller.isBusy) {
          send(one);
        }
        return false;
      }
    }
    return true;
  }

  private void lookUp(Own one) {
    boolean isReceipt = random.nextInt(4) > 0;
    String method = isReceipt ? "eth_getTransactionReceipt" : "eth_getTransactionByHash";
    caller.ask(method, '"' + one.made.hash() + '"', result -> onPlace(one, result));
  }

  /** A receipt that was shown goes only if its block does. */
  private void onPlace(Own one, JsonNode result) {
    TestBlock before = one.shown;
    boolean mustBeThere = before != null && caller.gateway.world.tip.follows(before);
    if (!result.path("blockNumber").isTextual()) {
      caller.check(!mustBeThere, "receipt", one.made.hash() + " is gone: " + result);
      return;
    }
    long number = Long.decode(result.path("blockNumber").asText());
    String hash = result.path("blockHash").asText();
    caller.checkPlace(hash, number);
    boolean isAnother = mustBeThere && before != null && !before.hash.equals(hash);
    caller.check(!isAnother, "receipt", one.made.hash() + " moved to " + number);
    one.shown = caller.gateway.world.byHash.get(hash);
    told.accept(number);
  }

  /** The first number of which the client knows no accepted transaction. */
  private long demanded() {
    long next = 0;
    while (next < own.size() && own.get((int) next).isAccepted) {
      next++;
    }
    return next;
  }

  private void askPending() {
    long demanded = demanded();
    caller.ask(
        "eth_getTransactionCount",
        '"' + account().address() + "\",\"pending\"",
        result -> {
          long number = Long.decode(result.asText());
          caller.check(number >= demanded, "pending", number + ", accepted are " + demanded);
          caller.check(number <= own.size(), "pending", number + ", made are " + own.size());
        });
  }

  /**
   * The newest state counts every transaction whose receipt was shown. It does not say of which
   * branch it is, so a node that follows one alone is forgiven as it is in {@link
   * TestCaller#checkPlace}.
   */
  private void askNonce() {
    long shown = -1;
    for (Own one : own) {
      TestBlock block = one.shown;
      if (block != null && caller.gateway.world.tip.follows(block)) {
        shown = Math.max(shown, one.made.nonce());
      }
    }
    long least = shown + 1;
    caller.ask(
        "eth_getTransactionCount",
        '"' + account().address() + "\",\"latest\"",
        result -> {
          long number = Long.decode(result.asText());
          boolean isGood = number >= least || caller.mayBeAstray();
          caller.check(isGood, "nonce", number + ", shown are " + least);
        });
  }

  /** Looks for every accepted transaction in the chain. */
  void settle() {
    for (Own one : own) {
      if (one.isAccepted) {
        caller.book.accepted++;
        boolean isMined = caller.gateway.world.tip.holding(one.made) != null;
        caller.check(isMined, "mined", one.made.nonce() + " is not in the chain: " + one.made);
      }
    }
  }
}
