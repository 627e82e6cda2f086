package io.fairlead.gateway.freshness;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A block of a simulated chain. */
final class TestBlock {
  final long number;
  final @Nullable TestBlock parent;
  final String hash;
  final Set<String> transactions;

  /** Whether it is on a branch that only one node follows and that never is the chain. */
  final boolean isPrivate;

  TestBlock(
      @Nullable TestBlock parent, long number, long salt, Set<String> transactions, boolean mine) {
    this.parent = parent;
    this.number = number;
    this.hash = String.format(Locale.ROOT, "0x%048x%016x", number, salt);
    this.transactions = Set.copyOf(transactions);
    this.isPrivate = mine;
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
  @Nullable TestBlock holding(String transaction) {
    TestBlock block = this;
    for (int i = 0; block != null && i < 400; i++) {
      if (block.transactions.contains(transaction)) {
        return block;
      }
      block = block.parent;
    }
    return null;
  }
}
