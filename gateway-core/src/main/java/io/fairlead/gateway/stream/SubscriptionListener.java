package io.fairlead.gateway.stream;

/** Hears one subscription at an upstream, on the home loop. */
public interface SubscriptionListener {
  /** It holds now: for the first time, or again after the connection was lost. */
  void onSubscribed();

  /**
   * The upstream notified.
   *
   * @param json what is new, as it is written
   */
  void onNotified(String json);

  /**
   * Nothing comes for now; the connection is tried again.
   *
   * @param reason why
   */
  void onInterrupted(String reason);

  /**
   * The upstream does not take it; it is not tried again on this connection.
   *
   * @param failure why
   */
  void onRefused(RpcFailure failure);
}
