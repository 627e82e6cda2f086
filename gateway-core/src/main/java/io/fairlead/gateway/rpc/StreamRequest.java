package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.ServingPlan;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.websocket.Upgrade;
import io.fairlead.gateway.websocket.Visit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The request of one HTTP/2 stream: extended CONNECT goes on as WebSocket, anything else is
 * refused.
 *
 * <p>Calls by POST are not served over HTTP/2; their streams are reset with HTTP_1_1_REQUIRED, on
 * which a client may ask again over HTTP/1.1. Nothing of them was done.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 8441, sections 4 and 5;
 * RFC 9113, sections 8.1.1, 8.3.1 and 8.5.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class StreamRequest extends ChannelInboundHandlerAdapter {
  private static final AsciiString PROTOCOL =
      AsciiString.cached(Http2Headers.PseudoHeaderName.PROTOCOL.value().toString());

  private final Http2Connection connection;
  private final RpcServer server;
  private boolean decided;

  StreamRequest(Http2Connection connection, RpcServer server) {
    this.connection = connection;
    this.server = server;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    if (!decided && frame instanceof Http2HeadersFrame head) {
      decided = true;
      onHead(ctx, head);
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

  private void onHead(ChannelHandlerContext ctx, Http2HeadersFrame head) {
    Http2Headers headers = head.headers();
    boolean isConnect = HttpMethod.CONNECT.asciiName().contentEquals(orEmpty(headers.method()));
    boolean isExtended = headers.contains(PROTOCOL);
    if (isConnect && !isExtended) {
      refuse(ctx, head, 405, RefusalReason.WRONG_VERB, ":protocol: none (expected: websocket)");
    } else if (isConnect != isExtended || isBlank(headers.scheme()) || isBlank(headers.path())) {
      reset(ctx, Http2Error.PROTOCOL_ERROR, RefusalReason.BAD_HTTP);
    } else if (isExtended) {
      onExtended(ctx, head);
    } else {
      reset(ctx, Http2Error.HTTP_1_1_REQUIRED, RefusalReason.WRONG_VERB);
    }
  }

  private static CharSequence orEmpty(@Nullable CharSequence value) {
    return value == null ? "" : value;
  }

  private static boolean isBlank(@Nullable CharSequence value) {
    return orEmpty(value).isEmpty();
  }

  private void onExtended(ChannelHandlerContext ctx, Http2HeadersFrame head) {
    Http2Headers headers = head.headers();
    ServingPlan plan = server.plan();
    String path = headers.path().toString();
    @Nullable ChainRuntime chain = plan.chainAt(path);
    if (!HttpHeaderValues.WEBSOCKET.contentEquals(headers.get(PROTOCOL))) {
      refuse(ctx, head, 501, RefusalReason.BAD_UPGRADE, ":protocol: unknown (expected: websocket)");
    } else if (server.isDraining()) {
      refuse(ctx, head, 503, RefusalReason.GOING_DOWN, "the gateway is going down");
    } else if (chain == null) {
      refuse(ctx, head, 404, RefusalReason.UNKNOWN_CHAIN, RequestHead.noChainText(plan));
    } else if (head.isEndStream()) {
      refuse(ctx, head, 400, RefusalReason.BAD_UPGRADE, "END_STREAM: set (expected: unset)");
    } else {
      InetAddress address = RpcServer.clientAddress(ctx.channel());
      Visit visit = new Visit("/" + chain.name(), chain.name(), plan.keyIn(path), address);
      goOn(ctx, head, visit);
    }
  }

  private void goOn(ChannelHandlerContext ctx, Http2HeadersFrame head, Visit visit) {
    Upgrade upgrade =
        Upgrade.overHttp2(
            head.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION),
            head.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    if (upgrade instanceof Upgrade.Refused refused) {
      refuse(ctx, head, refused.status(), RefusalReason.BAD_UPGRADE, refused.text());
    } else if (upgrade instanceof Upgrade.Agreed agreed) {
      Http2Headers answer = new DefaultHttp2Headers().status("200");
      if (!agreed.extensions().isEmpty()) {
        answer.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, agreed.extensions());
      }
      ctx.writeAndFlush(new DefaultHttp2HeadersFrame(answer));
      ChannelPipeline pipeline = ctx.pipeline();
      connection.add(ctx.channel());
      pipeline.addLast(new StreamBytes());
      server.webSockets().take(connection.loop().index(), pipeline, visit, agreed);
      pipeline.remove(this);
    }
  }

  private void reset(ChannelHandlerContext ctx, Http2Error error, RefusalReason reason) {
    server.onRefused(reason);
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(error));
  }

  /** Answers with an error; what the client still sends is not wanted. */
  private void refuse(
      ChannelHandlerContext ctx,
      Http2HeadersFrame head,
      int status,
      RefusalReason reason,
      String text) {
    server.onRefused(reason);
    ByteBuf body = GatewayErrors.error(ctx.alloc(), GatewayErrors.NOT_A_CALL, text);
    Http2Headers answer = new DefaultHttp2Headers().status(Integer.toString(status));
    answer.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    answer.setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    if (status == 400) {
      answer.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    }
    ctx.write(new DefaultHttp2HeadersFrame(answer));
    ctx.writeAndFlush(new DefaultHttp2DataFrame(body, true))
        .addListener(
            done -> {
              if (!head.isEndStream()) {
                ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
              }
            });
  }
}
