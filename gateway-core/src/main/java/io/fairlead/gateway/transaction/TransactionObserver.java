package io.fairlead.gateway.transaction;

/**
 * Counts what happens to the transactions of one chain.
 *
 * <p>Thread-safety: called on all event loops and on the control thread; must be safe and quick.
 */
public interface TransactionObserver {
  /** Counts nothing. */
  TransactionObserver NONE = new TransactionObserver() {};

  /** On whose word a transaction was accepted. */
  enum Ground {
    /** An upstream took it. */
    UPSTREAM,
    /** An upstream had it already. */
    KNOWN,
    /** Nobody could be asked, and the outbox keeps it. */
    OUTBOX
  }

  /** Why a transaction left the outbox. */
  enum Reason {
    /** It is in the chain, deep enough. */
    MINED,
    /** Another transaction of its sender has its nonce. */
    REPLACED,
    /** Its time was over. */
    EXPIRED
  }

  /** A client's transaction goes out. */
  default void onBroadcast() {}

  /**
   * A client was told that its transaction is accepted.
   *
   * @param ground on whose word
   */
  default void onAccepted(Ground ground) {}

  /** A client was told that its transaction is rejected. */
  default void onRejected() {}

  /** An upstream's rejection was outvoted by another's acceptance. */
  default void onOutvoted() {}

  /** The outbox had no room or no disk for a transaction. */
  default void onNotKept() {}

  /** A transaction went out again. */
  default void onRebroadcast() {}

  /**
   * A transaction left the outbox.
   *
   * @param reason why
   */
  default void onForgotten(Reason reason) {}
}
