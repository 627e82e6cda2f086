package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.admission.ReadGate;
import io.fairlead.gateway.admission.ReadGate.Objection;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.net.OutputEnd;
import io.fairlead.gateway.websocket.Upgrade;
import io.fairlead.gateway.websocket.Visit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's HTTP/1.1 connection: takes one request after another and frames the answer before it
 * looks at the next.
 *
 * <p>Requests that a client sends ahead (pipelining) wait here in order; from the first of them on
 * the socket is not read, so that they cannot pile up.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class RpcConnection extends ClientConnection implements RequestCarrier {
  private static final long LINGER_MILLIS = 1_000;

  private final LoopConnections home;
  private final LoopContext loop;
  private final StrictRequestDecoder decoder;
  private final RpcServer server;
  private final WriteProgress progress = new WriteProgress();
  private final ClientRequest request;
  private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();
  private final ReadGate gate = new ReadGate();
  private final KnownHead known = new KnownHead();

  private @Nullable HttpAnswer answer;
  private State state = State.IDLE;
  private @Nullable Upgrade upgrade;

  /** Of a client that offers to go on with HTTP/2. */
  private @Nullable Http2Settings http2;

  private long lastActivityNanos;
  private long bodyNanos;
  private long bodyBytes;

  /** The request whose head is here in part, by its number, or -1; and since when. */
  private int awaitedHead = -1;

  private long awaitedNanos;
  private boolean counted;
  private boolean upgradeHasBody;

  /** The socket is not read until all that was sent ahead is answered. */
  private boolean paused;

  RpcConnection(LoopConnections home, StrictRequestDecoder decoder, RpcServer server) {
    this.home = home;
    this.decoder = decoder;
    this.loop = home.loop();
    this.server = server;
    this.request = new ClientRequest(this, home, server);
    this.lastActivityNanos = loop.nanoTime();
  }

  private enum State {
    /** Between requests. */
    IDLE,
    /** The body of a request arrives. */
    BODY,
    /** The end of a request to go on as WebSocket is to come. */
    UPGRADING,
    /** The body of a refused request arrives and is dropped; the refusal follows it. */
    REFUSED,
    /** A request is being answered. */
    ANSWERING,
    /** The last answer is written; whatever still arrives is dropped. */
    CLOSING
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    answer = new HttpAnswer(ctx, server.debugHeaders());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    counted = server.tryOpen(ctx.channel());
    if (counted) {
      home.add(this);
      ctx.fireChannelActive();
    } else {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSING;
    request.abandon();
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    leave();
    ctx.fireChannelInactive();
  }

  private void leave() {
    answer().release();
    gate.open(channel());
    if (counted) {
      counted = false;
      home.remove(this);
    }
  }

  /** The client's first bytes are those of HTTP/2: its handlers take over the connection. */
  void giveWayToHttp2(ChannelPipeline pipeline) {
    leave();
    pipeline.remove(decoder);
    pipeline.remove(this);
    Http2Connection.takeOver(pipeline, home, server);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject part = (HttpObject) message;
    if (state == State.ANSWERING || !ahead.isEmpty()) {
      ahead.add(part);
      paused = true;
      gate.set(ctx.channel(), Objection.AHEAD, true);
    } else {
      onPart(ctx, part);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    request.setReading(ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      server.onUnexpected(ctx.channel(), cause);
    }
    ctx.close();
  }

  private void onPart(ChannelHandlerContext ctx, HttpObject part) {
    lastActivityNanos = loop.nanoTime();
    if (state == State.CLOSING) {
      ReferenceCountUtil.release(part);
      return;
    }
    if (part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(part);
      refuseMalformed(part.decoderResult().cause());
      return;
    }
    if (part instanceof HttpRequest start) {
      onHead(ctx, start);
    }
    if (part instanceof HttpContent content) {
      onContent(ctx, content);
    }
  }

  private void onHead(ChannelHandlerContext ctx, HttpRequest start) {
    ServingPlan plan = server.plan();
    upgrade = Upgrade.isAskedBy(start) ? Upgrade.of(start) : null;
    http2 = server.isDraining() ? null : CleartextUpgrade.offeredBy(start);
    RequestHead head = known.of(start, plan, upgrade != null);
    boolean http10 = start.protocolVersion().equals(HttpVersion.HTTP_1_0);
    MemoryStage memory = home.admission().memory();
    boolean closes =
        !HttpUtil.isKeepAlive(start)
            || server.isDraining()
            || memory.isAtLeast(MemoryStage.CLOSING);
    answer().reset(head.acceptsGzip(), http10, closes);
    request.begin(head, plan);
    if (head.refusal() == Refusal.TOO_LARGE) {
      state = State.ANSWERING;
      request.refuseTooLarge();
      return;
    }
    if (memory == MemoryStage.REFUSING) {
      giveUp();
      return;
    }
    state = stateAfter(head);
    bodyNanos = lastActivityNanos;
    bodyBytes = 0;
    if (!http10 && head.expectsContinue()) {
      ctx.writeAndFlush(RpcServer.continueLine());
    }
  }

  private State stateAfter(RequestHead head) {
    if (head.refusal() != null) {
      return State.REFUSED;
    }
    return upgrade == null ? State.BODY : State.UPGRADING;
  }

  private void onContent(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    int bytes = content.content().readableBytes();
    bodyBytes += bytes;
    home.admission().onRead(bytes);
    if (state == State.BODY) {
      request.add(content.content());
    } else {
      upgradeHasBody |= state == State.UPGRADING && content.content().isReadable();
      content.release();
    }
    if (last) {
      onRequestComplete(ctx);
    } else if (state == State.BODY && request.isTooLarge()) {
      state = State.ANSWERING;
      request.refuseTooLarge();
    }
  }

  private void onRequestComplete(ChannelHandlerContext ctx) {
    State before = state;
    if (before == State.CLOSING) {
      return;
    }
    state = State.ANSWERING;
    Refusal refusal = request.head().refusal();
    if (refusal != null) {
      request.refuse(refusal);
    } else if (before == State.UPGRADING) {
      upgrade(ctx);
    } else if (http2 != null && !paused && !request.isTooLarge()) {
      goOnWithHttp2(ctx, http2);
    } else {
      request.serve();
    }
  }

  private void goOnWithHttp2(ChannelHandlerContext ctx, Http2Settings settings) {
    answer().switchProtocols(CleartextUpgrade.AGREED);
    ChannelPipeline pipeline = ctx.pipeline();
    leave();
    Http2Connection.takeOver(pipeline, home, server).goOn(settings, request);
    pipeline.remove(this);
    pipeline.remove(decoder);
  }

  @Override
  public Channel channel() {
    return answer().context().channel();
  }

  @Override
  public HttpAnswer answer() {
    HttpAnswer present = answer;
    if (present == null) {
      throw new IllegalStateException("the connection is not in a pipeline");
    }
    return present;
  }

  @Override
  public void cutShort() {
    answer().closeBeforeNext();
  }

  /** The next request may be looked at. */
  @Override
  public void onAnswered() {
    lastActivityNanos = loop.nanoTime();
    if (answer().closes()) {
      state = State.CLOSING;
      if (answer().lingers()) {
        linger();
      }
      return;
    }
    state = State.IDLE;
    if (paused) {
      loop.execute(this::goOn);
    }
  }

  private void goOn() {
    ChannelHandlerContext ctx = answer().context();
    while (state != State.ANSWERING) {
      HttpObject part = ahead.poll();
      if (part == null) {
        paused = false;
        gate.set(ctx.channel(), Objection.AHEAD, false);
        return;
      }
      onPart(ctx, part);
    }
  }

  /**
   * Goes on as WebSocket. The answers to all requests before are written then; what the client sent
   * behind this one is still in the decoder, which hands it to the new handlers when it leaves.
   */
  private void upgrade(ChannelHandlerContext ctx) {
    if (server.isDraining()) {
      refuseUpgrade(RefusalReason.GOING_DOWN, 503, "the gateway is going down");
    } else if (paused || upgradeHasBody) {
      refuseUpgrade(
          RefusalReason.BAD_UPGRADE,
          400,
          "Upgrade: behind an unanswered request or with a body (expected: neither)");
    } else if (upgrade instanceof Upgrade.Refused refused) {
      refuseUpgrade(RefusalReason.BAD_UPGRADE, refused.status(), refused.text());
    } else if (upgrade instanceof Upgrade.Agreed agreed) {
      answer().switchProtocols(agreed.fields());
      ChannelPipeline pipeline = ctx.pipeline();
      Visit visit = request.head().visit(request.clientAddress());
      server.webSockets().take(loop.index(), pipeline, visit, agreed);
      leave();
      pipeline.remove(this);
      pipeline.remove(decoder);
    }
  }

  private void refuseUpgrade(RefusalReason reason, int status, String text) {
    server.onRefused(reason);
    cutShort();
    if (status == 426) {
      answer().addFields(Upgrade.VERSION_FIELDS);
      request.empty(status);
    } else {
      request.error(status, GatewayErrors.NOT_A_CALL, text);
    }
  }

  private void refuseMalformed(Throwable cause) {
    server.onRefused(RefusalReason.BAD_HTTP);
    request.abandon();
    answer().reset(false, false, true);
    cutShort();
    request.error(
        RequestHead.statusOf(cause),
        GatewayErrors.NOT_A_CALL,
        "not a request that HTTP/1.1 allows: " + cause.getMessage());
  }

  /** Ends our side and drops what still comes, so that no reset overtakes the answer. */
  private void linger() {
    Channel channel = channel();
    OutputEnd.tell(channel);
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A quiet connection ends now, another one with its next answer. */
  @Override
  void onDrain(long nowNanos, long quietNanos) {
    if (state == State.IDLE && nowNanos - lastActivityNanos > quietNanos) {
      answer().context().close();
    } else {
      answer().closeAfterwards();
    }
  }

  /** A connection that is ending is read, so that its client sees why. */
  @Override
  void onMemory(MemoryStage stage) {
    boolean isHeld = stage != MemoryStage.NORMAL && state != State.CLOSING;
    gate.set(channel(), Objection.MEMORY, isHeld);
    if (stage.isAtLeast(MemoryStage.CLOSING) && state == State.ANSWERING) {
      answer().closeAfterwards();
    }
  }

  @Override
  public void onShed() {
    home.admission().onRefused(this);
  }

  @Override
  public boolean mayGoUnread() {
    return !answer().closes() && !gate.isShut(Objection.TOO_SOON);
  }

  @Override
  public void setUnread(boolean isUnread) {
    gate.set(channel(), Objection.TOO_SOON, isUnread && state != State.CLOSING);
  }

  @Override
  long heldBytes() {
    return state == State.BODY ? request.heldBytes() : 0;
  }

  @Override
  void giveUp() {
    server.onRefused(RefusalReason.NO_MEMORY);
    request.abandon();
    state = State.ANSWERING;
    answer().reset(false, false, true);
    cutShort();
    request.refuseForNow();
  }

  /** What is not read cannot be late. */
  private void excuse(long nowNanos) {
    awaitedHead = -1;
    bodyNanos = nowNanos;
    lastActivityNanos = nowNanos;
  }

  @Override
  void onSweep(long nowNanos, ClientPace pace) {
    if (gate.isHeldByGateway()) {
      excuse(nowNanos);
    }
    boolean isIdle = nowNanos - lastActivityNanos > pace.idleNanos();
    switch (state) {
      case IDLE -> {
        if (headIsLate(nowNanos, pace)) {
          refuseSlow("headers: not here in time (limits.headerTimeout sets it)");
        } else if (isIdle && awaitedHead < 0) {
          close();
        }
      }
      case BODY, UPGRADING, REFUSED -> {
        if (pace.isTooSlow(bodyBytes, nowNanos - bodyNanos)) {
          refuseSlow("body: too slow (limits.bodyRate sets it)");
        }
      }
      case CLOSING -> {
        if (isIdle) {
          close();
        }
      }
      case ANSWERING -> {}
    }
    if (progress.stalledNanos(channel(), nowNanos) > pace.stallNanos()) {
      server.onRefused(RefusalReason.TOO_SLOW);
      close();
    }
  }

  private boolean headIsLate(long nowNanos, ClientPace pace) {
    int awaited = decoder.isWithinHead() ? decoder.requests() : -1;
    if (awaited != awaitedHead) {
      awaitedHead = awaited;
      awaitedNanos = nowNanos;
    }
    return awaited >= 0 && nowNanos - awaitedNanos > pace.headNanos();
  }

  private void refuseSlow(String text) {
    server.onRefused(RefusalReason.TOO_SLOW);
    request.abandon();
    state = State.ANSWERING;
    answer().reset(false, false, true);
    cutShort();
    request.error(408, GatewayErrors.NOT_A_CALL, text);
  }

  private void close() {
    answer().context().close();
  }
}
