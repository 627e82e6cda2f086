package io.fairlead.gateway.demo.world;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One connection to a simulated node: requests are answered one after another, in the way that the
 * node's fault of the moment says.
 *
 * <p>Thread-safety: confined to the node's event loop.
 */
final class NodeConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final byte[] HTML =
      "<html><body><h1>503 Service Unavailable</h1></body></html>"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOTHING = {};

  private final SimulatedNode node;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean isServing;
  private boolean isSilent;

  NodeConnection(SimulatedNode node) {
    this.node = node;
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and it never leaves the class
  private record Waiting(byte[] body, boolean keepAlive) {}

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    node.onRequest();
    Fault.Kind fault = node.fault().kind();
    if (fault == Fault.Kind.BLACK_HOLE) {
      isSilent = true;
    } else if (fault == Fault.Kind.RESET) {
      reset(ctx);
    } else if (!request.method().equals(HttpMethod.POST) || request.decoderResult().isFailure()) {
      write(ctx, response(HttpResponseStatus.METHOD_NOT_ALLOWED, NOTHING), false);
    } else {
      waiting.add(
          new Waiting(ByteBufUtil.getBytes(request.content()), HttpUtil.isKeepAlive(request)));
      serveNext(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // The peer reset the connection; there is nobody left to tell.
  }

  private void serveNext(ChannelHandlerContext ctx) {
    if (isServing || waiting.isEmpty()) {
      return;
    }
    isServing = true;
    Waiting next = waiting.remove();
    node.serve(
        next.body(),
        new SimulatedNode.Reply() {
          @Override
          public void answer(byte[] body) {
            onServed(ctx, next, body);
          }

          @Override
          public void refuse(HttpResponseStatus status) {
            onRefused(ctx, next, status);
          }
        });
  }

  private void onRefused(ChannelHandlerContext ctx, Waiting request, HttpResponseStatus status) {
    if (isSilent || !ctx.channel().isActive()) {
      return;
    }
    isServing = false;
    if (node.fault().kind() == Fault.Kind.BLACK_HOLE) {
      isSilent = true;
    } else {
      write(ctx, response(status, NOTHING), request.keepAlive());
    }
    serveNext(ctx);
  }

  private void onServed(ChannelHandlerContext ctx, Waiting request, byte[] answer) {
    if (isSilent || !ctx.channel().isActive()) {
      return;
    }
    isServing = false;
    switch (node.fault().kind()) {
      case BLACK_HOLE -> isSilent = true;
      case RESET -> reset(ctx);
      case CUT_BODY -> writeHalf(ctx, answer);
      case ERROR_5XX ->
          write(ctx, html(response(HttpResponseStatus.SERVICE_UNAVAILABLE, HTML)), true);
      case ERROR_429 -> {
        FullHttpResponse limited = response(HttpResponseStatus.TOO_MANY_REQUESTS, NOTHING);
        limited.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        write(ctx, limited, request.keepAlive());
      }
      default -> write(ctx, response(HttpResponseStatus.OK, answer), request.keepAlive());
    }
    serveNext(ctx);
  }

  private static FullHttpResponse response(HttpResponseStatus status, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  private static FullHttpResponse html(FullHttpResponse response) {
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_HTML);
    return response;
  }

  private static void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keep) {
    if (keep) {
      ctx.writeAndFlush(response, ctx.voidPromise());
    } else {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void writeHalf(ChannelHandlerContext ctx, byte[] answer) {
    isSilent = true;
    FullHttpResponse cut =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.wrappedBuffer(answer, 0, answer.length / 2));
    cut.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.length);
    ctx.writeAndFlush(cut).addListener(ChannelFutureListener.CLOSE);
  }

  private void reset(ChannelHandlerContext ctx) {
    isSilent = true;
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx.close();
  }
}
