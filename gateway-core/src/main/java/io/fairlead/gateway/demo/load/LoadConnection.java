package io.fairlead.gateway.demo.load;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection of the load's client; it carries one exchange at a time. */
final class LoadConnection extends SimpleChannelInboundHandler<FullHttpResponse> {
  private static final String UPSTREAM = "X-Fairlead-Upstream";
  private static final String ATTEMPTS = "X-Fairlead-Attempts";

  private final LoadClient client;
  private @Nullable ChannelHandlerContext context;
  private LoadClient.@Nullable AnswerListener listener;
  private @Nullable Future<?> timeout;

  LoadConnection(LoadClient client) {
    this.client = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  void post(byte[] body, LoadClient.AnswerListener next) {
    ChannelHandlerContext ctx = Objects.requireNonNull(context, "not connected");
    listener = next;
    timeout = client.onTimeout(() -> fail(ctx, "no answer in time"));
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, client.host())
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    ctx.writeAndFlush(request, ctx.voidPromise());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    LoadClient.AnswerListener waiting = take();
    if (waiting == null) {
      ctx.close();
      return;
    }
    byte[] body = ByteBufUtil.getBytes(response.content());
    if (response.decoderResult().isSuccess() && HttpUtil.isKeepAlive(response)) {
      client.onIdle(this);
    } else {
      ctx.close();
    }
    if (response.decoderResult().isSuccess()) {
      waiting.onAnswer(response.status().code(), body, route(response.headers()));
    } else {
      waiting.onFailure("malformed: " + response.decoderResult().cause().getMessage());
    }
  }

  private static EndedCall.Route route(HttpHeaders headers) {
    return new EndedCall.Route(headers.get(UPSTREAM, ""), headers.getInt(ATTEMPTS, 0));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    client.onClosed(this);
    fail(ctx, "connection closed before the answer");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, "connection: " + cause.getMessage());
  }

  private void fail(ChannelHandlerContext ctx, String reason) {
    LoadClient.AnswerListener waiting = take();
    ctx.close();
    if (waiting != null) {
      waiting.onFailure(reason);
    }
  }

  private LoadClient.@Nullable AnswerListener take() {
    LoadClient.AnswerListener waiting = listener;
    listener = null;
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
    return waiting;
  }
}
