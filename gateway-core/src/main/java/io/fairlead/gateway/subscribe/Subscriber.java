package io.fairlead.gateway.subscribe;

/**
 * A client's connection that can be notified.
 *
 * <p>Thread-safety: called on the connection's event loop.
 */
public interface Subscriber {
  /**
   * Sends a notification after all that was sent before; the connection bounds what waits and ends
   * itself if its client reads too slowly.
   *
   * @param notification lent for the time of the call
   */
  void send(Notification notification);

  /**
   * What the client waits for cannot go on without a gap: the connection is to be closed so that
   * the client begins anew.
   *
   * @param reason what happened
   */
  void lose(String reason);
}
