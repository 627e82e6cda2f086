package io.fairlead.gateway.stream;

/**
 * Learns the pending transactions of one upstream in one way.
 *
 * <p>Thread-safety: confined to the home loop.
 */
interface PendingSource {
  /** Begins. */
  void open();

  /** Ends; its listener hears nothing more. */
  void close();

  /** Hears one source. */
  interface Listener {
    /**
     * A transaction is pending, perhaps told before.
     *
     * @param json its hash as a JSON string, or the transaction as an object
     */
    void onPending(String json);

    /** Whether transactions come from it has changed. */
    void onState(boolean isLive);

    /** The upstream does not offer this. */
    void onRefused();
  }
}
