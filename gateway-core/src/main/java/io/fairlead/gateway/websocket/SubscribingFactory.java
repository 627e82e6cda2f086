package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.subscribe.Subscriber;

/**
 * Opens what answers {@code eth_subscribe} and {@code eth_unsubscribe} of one connection.
 *
 * <p>Thread-safety: called on the connection's event loop.
 */
@FunctionalInterface
public interface SubscribingFactory {
  /**
   * Opens the subscriptions of a connection, with the first message that needs them.
   *
   * @param chain what the connection asks, by the configuration of that moment
   * @param loop the connection's
   * @param subscriber the connection
   * @return what answers from now on, closed with the connection
   */
  Subscribing open(ChainRuntime chain, LoopContext loop, Subscriber subscriber);

  /** Offers no subscriptions: they are answered as a method that is not offered. */
  SubscribingFactory NONE = (chain, loop, subscriber) -> new NoSubscribing();

  /** The subscriptions of one connection. */
  interface Subscribing extends CallHandler {
    /** The connection has ended: nobody is to be notified any more. */
    void close();
  }
}
