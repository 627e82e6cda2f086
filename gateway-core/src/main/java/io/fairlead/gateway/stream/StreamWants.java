package io.fairlead.gateway.stream;

/**
 * What clients of a chain wait for.
 *
 * @param heads blocks or logs
 * @param pendingHashes hashes of pending transactions
 * @param pendingBodies pending transactions as objects
 */
public record StreamWants(boolean heads, boolean pendingHashes, boolean pendingBodies) {
  /** Nobody waits for anything. */
  public static final StreamWants NOTHING = new StreamWants(false, false, false);

  boolean isPending() {
    return pendingHashes || pendingBodies;
  }
}
