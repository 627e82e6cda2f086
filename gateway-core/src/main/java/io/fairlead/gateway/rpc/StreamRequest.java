package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.request.HeaderField;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 connection: a request that is answered like one of HTTP/1.1, or an
 * extended CONNECT that goes on as WebSocket.
 *
 * <p>Back-pressure is the stream's own: what is not taken fills its window, which makes it
 * unwritable, and the call stops reading.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 9113, sections 8.1 and
 * 8.3.1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class StreamRequest extends ChannelInboundHandlerAdapter implements RequestCarrier {
  private static final String CONTINUE = "100";

  private final Http2Connection connection;
  private final RpcServer server;
  private final ClientRequest request;
  private @Nullable StreamAnswer answer;
  private State state = State.HEAD;
  private boolean inputEnded;
  private boolean cutShort;
  private long headNanos;
  private long bodyBytes;
  private long takenBytes;
  private long progressNanos;
  private long answeredNanos;

  StreamRequest(Http2Connection connection, LoopConnections home, RpcServer server) {
    this.connection = connection;
    this.server = server;
    this.request = new ClientRequest(this, home, server);
    this.headNanos = home.loop().nanoTime();
    this.progressNanos = headNanos;
  }

  private enum State {
    /** The request is to come. */
    HEAD,
    /** Its body arrives. */
    BODY,
    /** The body of a refused request arrives and is dropped; the refusal follows it. */
    REFUSED,
    /** It is being answered. */
    ANSWERING,
    /** The answer is written. */
    DONE
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    answer = new StreamAnswer(ctx, server.debugHeaders());
    connection.add(this);
  }

  /** Answers a request that is whole and came by HTTP/1.1. */
  void takeOver(ClientRequest whole) {
    inputEnded = true;
    state = State.ANSWERING;
    answer().setGzipAccepted(whole.head().acceptsGzip());
    request.takeOver(whole);
    request.serve();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    connection.remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.DONE;
    request.abandon();
    answer().release();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    request.setReading(ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    if (frame instanceof Http2HeadersFrame head) {
      inputEnded = head.isEndStream();
      onFields(ctx, head);
    } else if (frame instanceof Http2DataFrame data) {
      inputEnded = data.isEndStream();
      onData(data);
    } else {
      ReferenceCountUtil.release(frame);
    }
  }

  /** After a violation of HTTP/2 the stream is reset behind this, with the code that it has. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      server.onRefused(RefusalReason.BAD_HTTP);
      return;
    }
    if (!(cause instanceof IOException)) {
      server.onUnexpected(ctx.channel(), cause);
    }
    ctx.close();
  }

  /** The head, or trailers, which are dropped. */
  private void onFields(ChannelHandlerContext ctx, Http2HeadersFrame fields) {
    if (state != State.HEAD) {
      onInput();
    } else if (isConnect(fields.headers())) {
      onConnect(ctx, fields);
    } else if (StreamFields.areWhole(fields.headers()) && !isExtended(fields.headers())) {
      onHead(ctx, fields.headers());
    } else {
      reset(ctx, Http2Error.PROTOCOL_ERROR, RefusalReason.BAD_HTTP);
    }
  }

  private static boolean isConnect(Http2Headers headers) {
    CharSequence method = headers.method();
    return method != null && HttpMethod.CONNECT.asciiName().contentEquals(method);
  }

  private static boolean isExtended(Http2Headers headers) {
    return headers.contains(StreamUpgrade.PROTOCOL);
  }

  private void onHead(ChannelHandlerContext ctx, Http2Headers headers) {
    ServingPlan plan = server.plan();
    RequestHead head = RequestHead.of(headers, plan);
    answer().setGzipAccepted(head.acceptsGzip());
    request.begin(head, plan);
    if (head.refusal() == Refusal.TOO_LARGE) {
      state = State.ANSWERING;
      request.refuseTooLarge();
      return;
    }
    if (connection.admission().memory() == MemoryStage.REFUSING) {
      giveUp();
      return;
    }
    state = head.refusal() == null ? State.BODY : State.REFUSED;
    if (head.expectsContinue() && !inputEnded) {
      Http2Headers goOn = new DefaultHttp2Headers(false).status(CONTINUE);
      ctx.writeAndFlush(new DefaultHttp2HeadersFrame(goOn));
    }
    onInput();
  }

  private void onData(Http2DataFrame data) {
    int bytes = data.content().readableBytes();
    bodyBytes += bytes;
    connection.admission().onRead(bytes);
    if (state == State.BODY) {
      request.add(data.content());
    } else {
      data.release();
    }
    onInput();
  }

  /** More of the request has come, or its end. */
  private void onInput() {
    Refusal refusal = request.head().refusal();
    if (state == State.BODY && (inputEnded || request.isTooLarge())) {
      state = State.ANSWERING;
      if (inputEnded) {
        request.serve();
      } else {
        request.refuseTooLarge();
      }
    } else if (state == State.REFUSED && inputEnded && refusal != null) {
      state = State.ANSWERING;
      request.refuse(refusal);
    }
  }

  private void onConnect(ChannelHandlerContext ctx, Http2HeadersFrame head) {
    Http2Headers headers = head.headers();
    boolean isWhole =
        isExtended(headers) ? StreamFields.areWhole(headers) : StreamFields.areClean(headers);
    if (!isWhole) {
      reset(ctx, Http2Error.PROTOCOL_ERROR, RefusalReason.BAD_HTTP);
      return;
    }
    String forwardedFor = RequestHead.forwardedFor(headers);
    StreamUpgrade upgrade =
        StreamUpgrade.of(head, server.addresses().of(ctx.channel(), forwardedFor), server);
    if (upgrade instanceof StreamUpgrade.Agreed agreed) {
      goOn(ctx, agreed);
    } else if (upgrade instanceof StreamUpgrade.Refused refused) {
      refuse(refused);
    }
  }

  private void goOn(ChannelHandlerContext ctx, StreamUpgrade.Agreed agreed) {
    Http2Headers head = new DefaultHttp2Headers().status("200");
    String extensions = agreed.upgrade().extensions();
    if (!extensions.isEmpty()) {
      head.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions);
    }
    ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head));
    ChannelPipeline pipeline = ctx.pipeline();
    connection.addWebSocket(ctx.channel());
    pipeline.addLast(new StreamBytes());
    server.webSockets().take(connection.loopIndex(), pipeline, agreed.visit(), agreed.upgrade());
    pipeline.remove(this);
  }

  private void refuse(StreamUpgrade.Refused refused) {
    server.onRefused(refused.reason());
    state = State.ANSWERING;
    cutShort = true;
    if (refused.status() == 400) {
      answer().addFields(List.of(new HeaderField("Sec-WebSocket-Version", "13")));
    }
    request.error(refused.status(), GatewayErrors.NOT_A_CALL, refused.text());
  }

  private void reset(ChannelHandlerContext ctx, Http2Error error, RefusalReason reason) {
    state = State.DONE;
    server.onRefused(reason);
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(error));
  }

  @Override
  public Channel channel() {
    return answer().context().channel();
  }

  @Override
  public StreamAnswer answer() {
    StreamAnswer present = answer;
    if (present == null) {
      throw new IllegalStateException("the stream is not in a pipeline");
    }
    return present;
  }

  @Override
  public void cutShort() {
    cutShort = true;
  }

  /** The answer is a short one: nothing that is read is needed for it. */
  @Override
  public void onShed() {
    state = State.DONE;
    connection.admission().onRefused(connection);
  }

  /** What the client still sends of a request that was cut short is not wanted. */
  @Override
  public void onAnswered() {
    state = State.DONE;
    answeredNanos = connection.nanoTime();
    if (cutShort && !inputEnded) {
      answer().endInput();
    }
  }

  /** Whether an answer is on its way. */
  boolean isAnswering() {
    return state == State.ANSWERING;
  }

  /** What of an unfinished request has arrived, in bytes. */
  long heldBytes() {
    return state == State.BODY ? request.heldBytes() : 0;
  }

  /** Refuses the request for want of memory; what is still to come of it is not wanted. */
  void giveUp() {
    server.onRefused(RefusalReason.NO_MEMORY);
    request.abandon();
    state = State.ANSWERING;
    cutShort = true;
    request.refuseForNow();
  }

  /** The connection was not read: nothing that is to come can be late. */
  void excuse(long nowNanos) {
    headNanos = state == State.BODY || state == State.REFUSED ? nowNanos : headNanos;
  }

  /** Ends the stream if its client is too slow. */
  void onSweep(long nowNanos, ClientPace pace) {
    boolean tooSlow =
        switch (state) {
          case HEAD -> false;
          case BODY, REFUSED -> pace.isTooSlow(bodyBytes, nowNanos - headNanos);
          case ANSWERING -> stalledNanos(nowNanos) > pace.stallNanos();
          case DONE -> nowNanos - answeredNanos > pace.stallNanos();
        };
    if (tooSlow) {
      reset(answer().context(), Http2Error.CANCEL, RefusalReason.TOO_SLOW);
    }
  }

  private long stalledNanos(long nowNanos) {
    long taken = answer().takenBytes();
    if (channel().isWritable() || taken != takenBytes) {
      takenBytes = taken;
      progressNanos = nowNanos;
    }
    return nowNanos - progressNanos;
  }
}
