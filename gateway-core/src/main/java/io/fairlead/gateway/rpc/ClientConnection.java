package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.admission.Refusable;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that is looked after with all others of its event loop.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
abstract class ClientConnection extends ChannelInboundHandlerAdapter implements Refusable {
  @Nullable ClientConnection next;
  @Nullable ClientConnection previous;

  /**
   * The gateway is to end; called again and again until the connection has ended.
   *
   * @param quietNanos for how long nothing must have happened on a connection that ends at once
   */
  abstract void onDrain(long nowNanos, long quietNanos);

  /**
   * Ends the connection if its client is too slow; called about once a second.
   *
   * @param pace that the client must keep
   */
  abstract void onSweep(long nowNanos, ClientPace pace);

  /** What is to be done about memory; said again and again until nothing is. */
  abstract void onMemory(MemoryStage stage);

  /** What its unfinished requests hold, in bytes. */
  abstract long heldBytes();

  /** Refuses its unfinished requests and drops what they hold. */
  abstract void giveUp();
}
