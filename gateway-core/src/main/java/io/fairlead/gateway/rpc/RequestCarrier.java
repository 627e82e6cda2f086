package io.fairlead.gateway.rpc;

import io.netty.channel.Channel;

/**
 * What carries a {@link ClientRequest}: a connection of HTTP/1.1, which carries one after another,
 * or a stream of HTTP/2.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
interface RequestCarrier {
  /** Where the client is. */
  Channel channel();

  /** Frames the answer to the request under way. */
  Answer answer();

  /** The request is answered without its rest being read; the next answer ends what carries it. */
  void cutShort();

  /** The answer is written. */
  void onAnswered();

  /** The loop could not carry the request; the answer says so. */
  void onShed();
}
