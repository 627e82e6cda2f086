package io.fairlead.gateway.freshness;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block of a simulated chain. */
final class TestBlock {
  /** Logs of a block that has no transactions. */
  static final int LEAST_LOGS = 2;

  private static final long ALIVE = Long.MAX_VALUE;

  final long number;
  final @Nullable TestBlock parent;
  final String hash;
  final List<TestTransaction> transactions;
  private final Map<String, Long> nonces = new HashMap<>();
  private long deadNanos = ALIVE;

  TestBlock(@Nullable TestBlock parent, long number, long salt, List<TestTransaction> mined) {
    this.parent = parent;
    this.number = number;
    this.hash = String.format(Locale.ROOT, "0x%048x%016x", number, salt);
    this.transactions = List.copyOf(mined);
    mined.forEach(transaction -> nonces.put(transaction.sender(), transaction.nonce() + 1));
  }

  /** The chain replaced it. */
  void die(long nowNanos) {
    deadNanos = Math.min(deadNanos, nowNanos);
  }

  /** Whether it was replaced longer ago than that. */
  boolean isDeadSince(long nanos) {
    return deadNanos != ALIVE && deadNanos < nanos;
  }

  /** The block of this branch at a height, at most its own. */
  @Nullable TestBlock at(long height) {
    TestBlock block = this;
    while (block != null && block.number > height) {
      block = block.parent;
    }
    return block != null && block.number == height ? block : null;
  }

  /** Whether a block is on the branch that ends here. */
  boolean follows(TestBlock block) {
    return at(block.number) == block;
  }

  /** The block that holds a transaction, looked for in the last blocks. */
  @Nullable TestBlock holding(TestTransaction transaction) {
    TestBlock block = this;
    while (block != null) {
      Long next = block.nonces.get(transaction.sender());
      if (next != null && next <= transaction.nonce()) {
        return null;
      }
      if (next != null && block.transactions.contains(transaction)) {
        return block;
      }
      block = block.parent;
    }
    return null;
  }

  /** How many transactions of an account there are up to here. */
  long nonce(String sender) {
    TestBlock block = this;
    while (block != null) {
      Long next = block.nonces.get(sender);
      if (next != null) {
        return next;
      }
      block = block.parent;
    }
    return 0;
  }

  int logs() {
    return LEAST_LOGS + transactions.size();
  }
}
