package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.request.RequestDispatcher;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.function.Supplier;

/**
 * The WebSocket connections of a listener: takes over upgraded connections and ends them in the
 * end.
 *
 * <p>Thread-safety: {@link #drain} may be called from any thread, the rest on the event loop whose
 * index is given.
 */
public final class WebSockets {
  private final List<SocketLane> lanes;
  private final Supplier<ServingPlan> plans;

  /**
   * What connections need.
   *
   * @param plans the serving plan of the moment, read anew for each message
   * @param sides opens what handles the messages of a connection
   * @param timing how long connections may be quiet
   * @param observer counts
   */
  public record Backing(
      Supplier<ServingPlan> plans,
      MessageSides sides,
      SocketTiming timing,
      WebSocketObserver observer) {
    /**
     * JSON-RPC with the usual times.
     *
     * @param subscribing opens what answers subscriptions
     */
    public static Backing jsonRpc(
        Supplier<ServingPlan> plans, SubscribingFactory subscribing, WebSocketObserver observer) {
      return new Backing(
          plans,
          (connection, visit) -> new CallSide(connection, visit, subscribing),
          SocketTiming.DEFAULT,
          observer);
    }
  }

  /**
   * No connections yet.
   *
   * @param loops the contexts of all event loops, by index
   * @param dispatchers what finds the calls in messages, by index of the loop
   */
  public WebSockets(List<LoopContext> loops, List<RequestDispatcher> dispatchers, Backing backing) {
    this.plans = backing.plans();
    this.lanes =
        loops.stream()
            .map(loop -> new SocketLane(loop, dispatchers.get(loop.index()), backing))
            .toList();
  }

  /**
   * Takes over a connection whose client has been told that it is upgraded. What the client sent
   * behind its request is to be passed on from in front of the handlers that this adds at the end.
   *
   * @param loop the index of the connection's event loop
   * @param pipeline of the connection
   * @param visit who asks which chain
   * @param upgrade what was agreed
   */
  public void take(int loop, ChannelPipeline pipeline, Visit visit, Upgrade.Agreed upgrade) {
    SocketConnection connection = new SocketConnection(lanes.get(loop), visit, upgrade.deflates());
    int messageBytes = plans.get().limits().webSocket().messageBytes();
    pipeline.addLast(SocketConnection.newDecoder(messageBytes, upgrade.deflates()), connection);
  }

  /** Ends all connections as soon as what their clients asked before is answered. */
  public void drain() {
    lanes.forEach(SocketLane::drain);
  }
}
