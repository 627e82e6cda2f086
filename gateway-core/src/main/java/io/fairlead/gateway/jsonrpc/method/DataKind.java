package io.fairlead.gateway.jsonrpc.method;

import java.util.Locale;

/**
 * A kind of data that nodes keep of a block, each for a time of its own.
 *
 * <p>The kinds are those of {@code eth_capabilities} (execution-apis) and traces, which a node
 * makes from the state before the block.
 */
public enum DataKind {
  /** No data of the chain, or none of a certain block. */
  NOTHING,
  /** Headers and bodies. */
  BLOCKS,
  /** Transactions by their hash. */
  TRANSACTIONS,
  /** Receipts. */
  RECEIPTS,
  /** Logs, as a filter finds them. */
  LOGS,
  /** Accounts, code and storage. */
  STATE,
  /** Merkle proofs of the state. */
  PROOFS,
  /** The execution of transactions step by step. */
  TRACES;

  /** How it is written in the method data. */
  static DataKind of(String word) {
    for (DataKind kind : values()) {
      if (kind != NOTHING && kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "needs: '"
            + word
            + "' (expected: -, blocks, transactions, receipts, logs, state, proofs, traces)");
  }

  /**
   * The kind in messages, labels and the method data.
   *
   * @return a word in lower case
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
