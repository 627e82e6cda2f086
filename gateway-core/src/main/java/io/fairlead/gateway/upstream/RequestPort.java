package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;

/**
 * The way from one event loop to one upstream.
 *
 * <p>Thread-safety: loop-confined.
 */
@FunctionalInterface
public interface RequestPort {
  /**
   * Sends a request. All callbacks come later, on this loop.
   *
   * @param body takes over one reference; bytes and indexes stay as they are
   * @param listener hears the answer
   * @return the attempt
   */
  UpstreamExchange post(ByteBuf body, ExchangeListener listener);
}
