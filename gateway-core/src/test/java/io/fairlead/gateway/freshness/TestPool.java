package io.fairlead.gateway.freshness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Transactions that wait for a block, by sender and nonce. */
final class TestPool {
  private final Map<String, NavigableMap<Long, TestTransaction>> bySender = new HashMap<>();

  /** Adds one unless its place is taken. */
  void add(TestTransaction transaction) {
    of(transaction.sender()).putIfAbsent(transaction.nonce(), transaction);
  }

  void remove(TestTransaction transaction) {
    of(transaction.sender()).remove(transaction.nonce(), transaction);
  }

  void clear() {
    bySender.clear();
  }

  private NavigableMap<Long, TestTransaction> of(String sender) {
    return bySender.computeIfAbsent(sender, s -> new TreeMap<>());
  }

  /** Who has the place of a transaction. */
  @Nullable TestTransaction at(TestTransaction transaction) {
    return of(transaction.sender()).get(transaction.nonce());
  }

  /** The next nonce of an account if everything here counts. */
  long next(String sender, long mined) {
    long next = mined;
    while (of(sender).containsKey(next)) {
      next++;
    }
    return next;
  }

  /** Everything here. */
  List<TestTransaction> all() {
    List<TestTransaction> all = new ArrayList<>();
    bySender.values().forEach(transactions -> all.addAll(transactions.values()));
    return all;
  }

  /** What may stand in the block after another; what never will is dropped. */
  List<TestTransaction> minable(TestBlock parent) {
    List<TestTransaction> minable = new ArrayList<>();
    bySender.forEach(
        (sender, transactions) -> {
          long next = parent.nonce(sender);
          transactions.headMap(next).clear();
          TestTransaction following = transactions.get(next);
          while (following != null) {
            minable.add(following);
            next++;
            following = transactions.get(next);
          }
        });
    bySender.values().removeIf(Map::isEmpty);
    return minable;
  }
}
