package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.RequestPort;
import io.fairlead.gateway.upstream.RequestShape;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.netty.buffer.ByteBuf;
import java.util.function.IntSupplier;

/**
 * The way from one event loop to an upstream that has a WebSocket beside its HTTP: each call takes
 * the cheaper of both.
 *
 * <p><b>Idea.</b> On a shared connection many small calls cost one write, one read and one wake-up
 * where over HTTP each costs its own; a single call gains nothing, and a long answer would keep the
 * others waiting. So the WebSocket takes brief calls (a single one that may be repeated, its answer
 * short as a rule) with a short body while {@link #LEAST_UNDER_WAY} or more are under way from this
 * loop to this upstream, over either. All else goes over HTTP: long and unknown methods, what may
 * not be repeated, raw transactions, and everything while there is no connection, while it is
 * congested or full, or while it is under suspicion.
 *
 * <p><b>What it learns.</b> A method that brought an answer of over 64 KiB, or that the upstream
 * says it does not have there, goes over HTTP for ten minutes.
 *
 * <p>Thread-safety: loop-confined.
 */
public final class SocketPort implements RequestPort {
  /** From how many calls under way on, this one not counted, the WebSocket is used. */
  public static final int LEAST_UNDER_WAY = 4;

  /** The longest body that goes over the WebSocket. */
  static final int LONGEST_BODY_BYTES = 4096;

  private final RequestPort http;
  private final IntSupplier httpUnderWay;
  private final SocketMeans means;
  private final CarrierObserver observer;
  private final RestingMethods resting = new RestingMethods();
  private final CallSocket socket;

  /**
   * A way whose WebSocket connection is opened when it is wanted.
   *
   * @param http the other way
   * @param httpUnderWay how many exchanges are under way there
   * @param upgrades makes connections
   * @param means what the loop's upstreams share
   * @param observer counts
   */
  public SocketPort(
      RequestPort http,
      IntSupplier httpUnderWay,
      Upgrades upgrades,
      SocketMeans means,
      CarrierObserver observer) {
    this.http = http;
    this.httpUnderWay = httpUnderWay;
    this.means = means;
    this.observer = observer;
    this.socket = new CallSocket(http, upgrades, means, observer, resting);
  }

  @Override
  public UpstreamExchange post(ByteBuf body, boolean isBrief, ExchangeListener listener) {
    observer.onCall(false);
    return http.post(body, isBrief, listener);
  }

  @Override
  public UpstreamExchange post(ByteBuf body, RequestShape shape, ExchangeListener listener) {
    if (isFit(body, shape) && isBusy()) {
      long now = means.scheduler().nanoTime();
      if (!resting.isResting(shape.methodIndex(), now)) {
        if (socket.isReady(now)) {
          observer.onCall(true);
          return socket.post(body, shape, listener, now);
        }
        socket.want(now);
      }
    }
    observer.onCall(false);
    return http.post(body, shape, listener);
  }

  private static boolean isFit(ByteBuf body, RequestShape shape) {
    return shape.isBrief() && shape.idOffset() >= 0 && body.readableBytes() <= LONGEST_BODY_BYTES;
  }

  private boolean isBusy() {
    return socket.size() + httpUnderWay.getAsInt() >= LEAST_UNDER_WAY;
  }

  /** Takes no more calls over the WebSocket, and closes it once those under way are answered. */
  public void close() {
    socket.retire();
  }
}
