package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.request.RequestDispatcher;
import io.fairlead.gateway.request.RequestSink;
import io.fairlead.gateway.websocket.Upgrade;
import io.fairlead.gateway.websocket.Visit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's HTTP/1.1 connection: collects a request, hands its calls on, and frames the answer
 * before it looks at the next request.
 *
 * <p>Requests that a client sends ahead (pipelining) wait here in order; from the first of them on
 * the socket is not read, so that they cannot pile up.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns the request body until
 * it is handed to the calls.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class RpcConnection extends ClientConnection implements RequestSink {
  private static final long LINGER_MILLIS = 1_000;
  private static final int MAX_BODY_PARTS = 1024;

  private final LoopContext loop;
  private final RequestDispatcher dispatcher;
  private final RpcServer server;
  private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();

  private @Nullable HttpAnswer answer;
  private State state = State.IDLE;
  private RequestHead head = RequestHead.NONE;
  private ServingPlan plan;
  private @Nullable ByteBuf body;
  private @Nullable ActiveAnswer active;
  private long lastActivityNanos;
  private boolean counted;
  private boolean mayExplain;
  private boolean upgradeHasBody;

  /** The socket is not read until all that was sent ahead is answered. */
  private boolean paused;

  RpcConnection(LoopContext loop, RequestDispatcher dispatcher, RpcServer server) {
    this.loop = loop;
    this.dispatcher = dispatcher;
    this.server = server;
    this.plan = server.plan();
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
    counted = server.tryOpen(this, ctx.channel());
    if (counted) {
      mayExplain = server.mayExplain(ctx.channel());
      ctx.fireChannelActive();
    } else {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSING;
    ActiveAnswer abandoned = active;
    active = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
    releaseBody();
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    leave();
    ctx.fireChannelInactive();
  }

  private void leave() {
    answer().release();
    if (counted) {
      counted = false;
      server.onGone(this);
    }
  }

  /** The client's first bytes are those of HTTP/2: its handlers take over the connection. */
  void giveWayToHttp2(ChannelPipeline pipeline) {
    leave();
    pipeline.remove(StrictRequestDecoder.class);
    pipeline.remove(this);
    Http2Connection.takeOver(pipeline, loop, server);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject part = (HttpObject) message;
    if (state == State.ANSWERING || !ahead.isEmpty()) {
      ahead.add(part);
      paused = true;
      ctx.channel().config().setAutoRead(false);
    } else {
      onPart(ctx, part);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ActiveAnswer current = active;
    if (current != null) {
      current.setReading(ctx.channel().isWritable());
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      ctx.close();
    } else {
      server.onUnexpected(ctx.channel(), cause);
      ctx.close();
    }
  }

  private void onPart(ChannelHandlerContext ctx, HttpObject part) {
    lastActivityNanos = loop.nanoTime();
    if (state == State.CLOSING) {
      ReferenceCountUtil.release(part);
      return;
    }
    if (part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(part);
      refuseMalformed(ctx, part.decoderResult().cause());
      return;
    }
    if (part instanceof HttpRequest request) {
      onHead(ctx, request);
    }
    if (part instanceof HttpContent content) {
      onContent(ctx, content);
    }
  }

  private void onHead(ChannelHandlerContext ctx, HttpRequest request) {
    plan = server.plan();
    head = RequestHead.read(request, plan);
    answer().reset(head.acceptsGzip(), head.isHttp10(), !head.keepsAlive() || server.isDraining());
    Refusal refusal = head.refusal();
    if (refusal == null) {
      state = head.upgrade() == null ? State.BODY : State.UPGRADING;
    } else if (refusal == Refusal.TOO_LARGE) {
      refuseTooLarge(ctx);
      return;
    } else {
      state = State.REFUSED;
    }
    if (head.expectsContinue()) {
      ctx.writeAndFlush(RpcServer.continueLine());
    }
  }

  private void onContent(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (state == State.BODY) {
      append(ctx, content.content());
    } else {
      if (state == State.UPGRADING && content.content().isReadable()) {
        upgradeHasBody = true;
      }
      content.release();
    }
    if (last) {
      onRequestComplete(ctx);
    } else if (state == State.BODY && bodyBytes() > plan.limits().bodyBytes()) {
      refuseTooLarge(ctx);
    }
  }

  /** Takes over a piece of the body; the first of them stays as it is. */
  private void append(ChannelHandlerContext ctx, ByteBuf piece) {
    ByteBuf present = body;
    if (!piece.isReadable()) {
      piece.release();
    } else if (present == null) {
      body = piece;
    } else if (present instanceof CompositeByteBuf composite) {
      composite.addComponent(true, piece);
    } else {
      body =
          ctx.alloc()
              .compositeBuffer(MAX_BODY_PARTS)
              .addComponent(true, present)
              .addComponent(true, piece);
    }
  }

  private int bodyBytes() {
    ByteBuf present = body;
    return present == null ? 0 : present.readableBytes();
  }

  private void onRequestComplete(ChannelHandlerContext ctx) {
    switch (state) {
      case BODY -> {
        if (bodyBytes() > plan.limits().bodyBytes()) {
          refuseTooLarge(ctx);
        } else {
          dispatch(ctx);
        }
      }
      case REFUSED -> {
        state = State.ANSWERING;
        refuse(ctx);
      }
      case UPGRADING -> {
        state = State.ANSWERING;
        upgrade(ctx);
      }
      default -> {}
    }
  }

  private void dispatch(ChannelHandlerContext ctx) {
    state = State.ANSWERING;
    ByteBuf whole = body == null ? ctx.alloc().ioBuffer(0) : body;
    body = null;
    if (head.isGzipped()) {
      whole = expand(ctx, whole);
      if (whole == null) {
        return;
      }
    }
    dispatcher.dispatch(
        head.asker(RpcServer.clientAddress(ctx.channel())),
        whole,
        plan.limits().batchCalls(),
        this);
  }

  @Override
  public void onFault(RequestFault fault, ByteBuf error) {
    server.onRefused(RefusalReason.of(fault));
    answer().whole(200, error, null, 0);
    onAnswered();
  }

  private @Nullable ByteBuf expand(ChannelHandlerContext ctx, ByteBuf compressed) {
    try {
      return GzipBody.expand(compressed, plan.limits().bodyBytes(), ctx.alloc());
    } catch (GzipBody.TooLargeException e) {
      refuseTooLarge(ctx);
      return null;
    } catch (IOException e) {
      server.onRefused(RefusalReason.NOT_JSON);
      answerOwnError(ctx, 400, GatewayErrors.NOT_JSON, "the body is not gzip: " + e.getMessage());
      return null;
    } finally {
      compressed.release();
    }
  }

  @Override
  public boolean wantsExplanation() {
    return mayExplain && "1".equals(head.headers().get(HttpAnswer.EXPLAIN));
  }

  @Override
  public boolean admits(int calls) {
    return true;
  }

  @Override
  public void onDispatched(ActiveAnswer request, int calls) {
    if (state == State.ANSWERING) {
      active = request;
    }
  }

  HttpAnswer answer() {
    HttpAnswer present = answer;
    if (present == null) {
      throw new IllegalStateException("the connection is not in a pipeline");
    }
    return present;
  }

  @Override
  public void onWhole(Call call, int httpStatus, ByteBuf whole) {
    answer().whole(httpStatus, whole, call, httpStatus == 200 ? 0 : call.retryAfterSeconds());
    onAnswered();
  }

  @Override
  public void onStart(Call call, long lengthBytes) {
    answer().start(call, lengthBytes);
  }

  @Override
  public void onChunk(Call call, ByteBuf chunk) {
    if (!answer().chunk(chunk)) {
      call.setReading(false);
    }
  }

  @Override
  public void onEnd(Call call) {
    answer().end();
    onAnswered();
  }

  @Override
  public void onBroken(Call call) {
    active = null;
    answer().abort();
  }

  @Override
  public void onNothing(Call call) {
    onNoAnswer();
  }

  @Override
  public void onNoAnswer() {
    answer().empty(204, null);
    onAnswered();
  }

  @Override
  public void onBatch(ByteBuf whole) {
    answer().whole(200, whole, null, 0);
    onAnswered();
  }

  @Override
  public void onBatchStart() {
    answer().start(null, AnswerHead.CHUNKED);
  }

  @Override
  public boolean onBatchPiece(ByteBuf piece) {
    return answer().chunk(piece);
  }

  @Override
  public void onBatchEnd() {
    answer().end();
    onAnswered();
  }

  @Override
  public void onBatchBroken(Call call) {
    onBroken(call);
  }

  /** The answer is written; the next request may be looked at. */
  void onAnswered() {
    active = null;
    lastActivityNanos = loop.nanoTime();
    if (answer().closes()) {
      state = State.CLOSING;
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
        ctx.channel().config().setAutoRead(true);
        return;
      }
      onPart(ctx, part);
    }
  }

  private void refuse(ChannelHandlerContext ctx) {
    Refusal refusal = head.refusal();
    if (refusal == Refusal.PREFLIGHT) {
      answer().empty(204, Preflight.fields(head));
      onAnswered();
    } else if (refusal == Refusal.NOT_POST) {
      server.onRefused(refusal.reason());
      answer().empty(405, "Allow: POST, OPTIONS\r\n");
      onAnswered();
    } else if (refusal != null) {
      server.onRefused(refusal.reason());
      answerOwnError(ctx, refusal.status(), GatewayErrors.NOT_A_CALL, head.refusalText(plan));
    }
  }

  /**
   * Goes on as WebSocket. The answers to all requests before are written then; what the client sent
   * behind this one is still in the decoder, which hands it to the new handlers when it leaves.
   */
  private void upgrade(ChannelHandlerContext ctx) {
    if (server.isDraining()) {
      refuseUpgrade(ctx, RefusalReason.GOING_DOWN, 503, "the gateway is going down");
    } else if (paused || upgradeHasBody) {
      refuseUpgrade(
          ctx,
          RefusalReason.BAD_UPGRADE,
          400,
          "Upgrade: behind an unanswered request or with a body (expected: neither)");
    } else if (head.upgrade() instanceof Upgrade.Refused refused) {
      refuseUpgrade(ctx, RefusalReason.BAD_UPGRADE, refused.status(), refused.text());
    } else if (head.upgrade() instanceof Upgrade.Agreed agreed) {
      answer().switchProtocols(agreed.fields());
      ChannelPipeline pipeline = ctx.pipeline();
      Visit visit = head.visit(RpcServer.clientAddress(ctx.channel()));
      server.webSockets().take(loop.index(), pipeline, visit, agreed);
      leave();
      pipeline.remove(this);
      pipeline.remove(StrictRequestDecoder.class);
    }
  }

  private void refuseUpgrade(
      ChannelHandlerContext ctx, RefusalReason reason, int status, String text) {
    server.onRefused(reason);
    upgradeHasBody = false;
    answer().closeBeforeNext();
    if (status == 426) {
      answer().empty(status, Upgrade.VERSION_FIELDS);
      onAnswered();
    } else {
      answerOwnError(ctx, status, GatewayErrors.NOT_A_CALL, text);
    }
    linger(ctx);
  }

  /** What is still to come of the body is not worth reading: answer, then let the client see it. */
  private void refuseTooLarge(ChannelHandlerContext ctx) {
    server.onRefused(RefusalReason.BODY_TOO_LARGE);
    answer().closeBeforeNext();
    releaseBody();
    answerOwnError(
        ctx,
        413,
        GatewayErrors.NOT_A_CALL,
        "request body over the limit (expected: at most "
            + plan.limits().bodyBytes()
            + " bytes; limits.body sets it)");
    linger(ctx);
  }

  private void refuseMalformed(ChannelHandlerContext ctx, Throwable cause) {
    server.onRefused(RefusalReason.BAD_HTTP);
    releaseBody();
    answer().reset(false, false, true);
    answer().closeBeforeNext();
    answerOwnError(
        ctx,
        RequestHead.statusOf(cause),
        GatewayErrors.NOT_A_CALL,
        "not a request that HTTP/1.1 allows: " + cause.getMessage());
    linger(ctx);
  }

  private void answerOwnError(ChannelHandlerContext ctx, int status, int code, String text) {
    answer().whole(status, GatewayErrors.error(ctx.alloc(), code, text), null, 0);
    onAnswered();
  }

  /** Ends our side and drops what still comes, so that no reset overtakes the answer. */
  private void linger(ChannelHandlerContext ctx) {
    state = State.CLOSING;
    Channel channel = ctx.channel();
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void releaseBody() {
    ByteBuf present = body;
    body = null;
    if (present != null) {
      present.release();
    }
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

  @Override
  void onSweep(long nowNanos, long idleNanos, long requestNanos) {
    long quietNanos = nowNanos - lastActivityNanos;
    boolean tooLong =
        switch (state) {
          case IDLE -> quietNanos > idleNanos;
          case BODY, UPGRADING, REFUSED -> quietNanos > requestNanos;
          case ANSWERING -> false;
          case CLOSING -> quietNanos > idleNanos;
        };
    if (tooLong) {
      answer().context().close();
    }
  }

  @Override
  LoopContext loop() {
    return loop;
  }
}
