package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ServingPlan;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the last head of a connection said, for a decoder that knows repeated heads again.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
final class KnownHead {
  private @Nullable HttpRequest request;
  private @Nullable ServingPlan plan;
  private RequestHead head = RequestHead.NONE;

  /**
   * Reads a head, unless it is the last one and means what it meant.
   *
   * @param upgrades whether it asks to go on as WebSocket, which the same request always does
   */
  RequestHead of(HttpRequest next, ServingPlan current, boolean upgrades) {
    if (next != request || current != plan) {
      head = RequestHead.of(next, current, upgrades);
      request = next;
      plan = current;
    }
    return head;
  }
}
