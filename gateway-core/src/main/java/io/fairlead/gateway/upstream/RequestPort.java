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
   * @param isBrief whether the body is one call that may be repeated and whose answer comes soon
   *     and is short, so that it may share its way with others
   * @param listener hears the answer
   * @return the attempt
   */
  UpstreamExchange post(ByteBuf body, boolean isBrief, ExchangeListener listener);

  /**
   * Sends a request of which more is known, so that the port may choose its way. All callbacks come
   * later, on this loop.
   *
   * @param body takes over one reference; bytes and indexes stay as they are
   * @param shape what the body is; not kept
   * @param listener hears the answer
   * @return the attempt
   */
  default UpstreamExchange post(ByteBuf body, RequestShape shape, ExchangeListener listener) {
    return post(body, shape.isBrief(), listener);
  }
}
