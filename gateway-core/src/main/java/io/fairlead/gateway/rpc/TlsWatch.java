package io.fairlead.gateway.rpc;

import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.metrics.RefusalReason;
import io.fairlead.gateway.metrics.ServerMetrics;
import io.fairlead.gateway.net.ServerTls;
import io.fairlead.gateway.rpc.AnswerHead.ConnectionFate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what becomes of TLS on the rpc port, and tells clients that speak plain HTTP there.
 *
 * <p>Thread-safety: safe.
 */
final class TlsWatch implements ServerTls.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
  private static final int HEAD_BYTES = 512;

  private final ServerMetrics metrics;

  TlsWatch(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public ByteBuf onPlain(Channel channel) {
    LOG.debug("rpc connection {}: plain HTTP where TLS is spoken", channel.id());
    metrics.onRefused(RefusalReason.NOT_TLS);
    ByteBuf body =
        GatewayErrors.error(
            channel.alloc(),
            GatewayErrors.NOT_A_CALL,
            "plain HTTP on a port that speaks TLS (expected: https or wss)");
    ByteBuf answer = channel.alloc().ioBuffer(HEAD_BYTES + body.readableBytes());
    AnswerHead.status(answer, 400);
    AnswerHead.json(answer);
    AnswerHead.cors(answer);
    AnswerHead.end(answer, body.readableBytes(), false, ConnectionFate.CLOSES);
    answer.writeBytes(body);
    body.release();
    return answer;
  }

  @Override
  public void onHandshake(String protocol) {
    metrics.onHandshake(protocol);
  }

  @Override
  public void onFailed(Channel channel, Throwable cause) {
    LOG.debug("rpc connection {}: no TLS: {}", channel.id(), cause.toString());
    metrics.onRefused(RefusalReason.TLS_FAILED);
  }
}
