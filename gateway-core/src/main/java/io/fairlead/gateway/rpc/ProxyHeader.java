package io.fairlead.gateway.rpc;

import io.fairlead.gateway.metrics.RefusalReason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol, version 1 or 2, with which a proxy begins each connection
 * to say whose it is. For the handlers behind it the connection begins when the header is there.
 *
 * <p>A connection that begins otherwise, or with nothing for too long, ends without an answer.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: the PROXY protocol, versions 1
 * and 2 (HAProxy's {@code doc/proxy-protocol.txt}).
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final int MAX_TLV_BYTES = 1024;

  private final RpcServer server;
  private final long patienceNanos;
  private @Nullable ScheduledFuture<?> deadline;

  private ProxyHeader(RpcServer server, long patienceNanos) {
    this.server = server;
    this.patienceNanos = patienceNanos;
  }

  /** Adds what reads the header in front of a connection's handlers. */
  static void install(ChannelPipeline pipeline, RpcServer server) {
    long patience = server.plan().limits().http().pace().headNanos();
    pipeline.addLast(new HAProxyMessageDecoder(MAX_TLV_BYTES), new ProxyHeader(server, patience));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, RefusalReason.TOO_SLOW), patienceNanos, TimeUnit.NANOSECONDS);
  }

  /** Before the connection began for the handlers behind, its end is none for them either. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWaiting();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HAProxyMessage header = (HAProxyMessage) message;
    try {
      take(ctx.channel(), header);
    } finally {
      header.release();
    }
    stopWaiting();
    ctx.fireChannelActive();
    ctx.pipeline().remove(this);
  }

  /** A proxy that speaks for itself, as in its health checks, says nothing of a client. */
  private static void take(Channel channel, HAProxyMessage header) {
    String source = header.sourceAddress();
    boolean isForClient = header.command() == HAProxyCommand.PROXY && source != null;
    InetAddress client = isForClient ? ClientAddress.parse(source) : null;
    if (client != null) {
      ClientAddress.tell(channel, client);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, RefusalReason.BAD_HTTP);
  }

  private void refuse(ChannelHandlerContext ctx, RefusalReason reason) {
    stopWaiting();
    server.onRefused(reason);
    ctx.close();
  }

  private void stopWaiting() {
    ScheduledFuture<?> present = deadline;
    deadline = null;
    if (present != null) {
      present.cancel(false);
    }
  }
}
