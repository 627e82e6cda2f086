package io.fairlead.gateway.subscribe;

/**
 * What several subscriptions have in common when they wait for the very same notifications.
 *
 * <p>Thread-safety: immutable.
 *
 * @param kind of what
 * @param match which logs; {@link LogMatch#ALL} for other kinds
 */
record Topic(Kind kind, LogMatch match) {
  /** Of what a subscription tells. */
  enum Kind {
    /** New blocks. */
    HEADS("newHeads"),
    /** Logs of new blocks. */
    LOGS("logs"),
    /** Hashes of transactions that wait for a block. */
    PENDING("newPendingTransactions"),
    /** The same transactions whole. */
    PENDING_WHOLE("newPendingTransactions full"),
    /** Whether the chain is served. */
    SYNCING("syncing");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** How operators are told of it. */
    String word() {
      return word;
    }
  }

  static Topic of(Kind kind) {
    return new Topic(kind, LogMatch.ALL);
  }

  static Topic logs(LogMatch match) {
    return new Topic(Kind.LOGS, match);
  }
}
