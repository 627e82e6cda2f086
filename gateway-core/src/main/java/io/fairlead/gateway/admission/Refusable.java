package io.fairlead.gateway.admission;

/**
 * A client's connection on which calls may be refused.
 *
 * <p>Thread-safety: called on the event loop.
 */
public interface Refusable {
  /**
   * Whether the connection can go unread for a while: nobody waits for an answer whose flow depends
   * on it.
   */
  boolean mayGoUnread();

  /** The connection is not read from now on, or is again. May come after it has ended. */
  void setUnread(boolean isUnread);
}
