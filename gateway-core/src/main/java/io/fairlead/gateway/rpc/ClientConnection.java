package io.fairlead.gateway.rpc;

import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that is looked after with all others of its event loop.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
abstract class ClientConnection extends ChannelInboundHandlerAdapter {
  @Nullable ClientConnection next;
  @Nullable ClientConnection previous;

  /**
   * The gateway is to end; called again and again until the connection has ended.
   *
   * @param quietNanos for how long nothing must have happened on a connection that ends at once
   */
  abstract void onDrain(long nowNanos, long quietNanos);

  /**
   * Ends the connection if nothing has happened on it for too long.
   *
   * @param idleNanos how long it may be quiet between requests
   * @param requestNanos how long it may be quiet within a request
   */
  abstract void onSweep(long nowNanos, long idleNanos, long requestNanos);
}
