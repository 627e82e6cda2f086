package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.RpcFailure.Kind;
import io.fairlead.routing.Upstream;
import java.nio.charset.StandardCharsets;

/**
 * Questions to one upstream over HTTP.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PolledRpc implements UpstreamRpc {
  private static final int HTTP_OK = 200;
  private static final long ID = 1;

  private final Upstream upstream;
  private final PollPort port;
  private final StreamObserver observer;

  PolledRpc(Upstream upstream, PollPort port, StreamObserver observer) {
    this.upstream = upstream;
    this.port = port;
    this.observer = observer;
  }

  @Override
  public void ask(RpcQuestion question, RpcReply reply) {
    observer.onPoll(upstream);
    byte[] body = question.toJson(ID).getBytes(StandardCharsets.UTF_8);
    port.ask(
        upstream,
        body,
        question.timeoutNanos(),
        new PollPort.Answer() {
          @Override
          public void onAnswer(int httpStatus, byte[] answer) {
            read(httpStatus, answer, reply);
          }

          @Override
          public void onFailure(boolean isTimeout, String reason) {
            fail(reply, isTimeout ? Kind.TIMEOUT : Kind.DISCONNECTED, reason);
          }
        });
  }

  private void read(int httpStatus, byte[] answer, RpcReply reply) {
    RpcMessage message = RpcMessage.read(answer);
    String result = message == null ? null : message.result();
    if (message != null && message.hasError()) {
      boolean isUnknown = message.errorCode() == RpcMessage.METHOD_NOT_FOUND;
      Kind kind = isUnknown ? Kind.UNKNOWN_METHOD : Kind.REFUSED;
      fail(reply, kind, "error " + message.errorCode());
    } else if (httpStatus != HTTP_OK) {
      fail(reply, Kind.REFUSED, "HTTP " + httpStatus);
    } else if (result == null) {
      fail(reply, Kind.MALFORMED, "no JSON-RPC answer");
    } else {
      reply.onResult(result);
    }
  }

  private void fail(RpcReply reply, Kind kind, String text) {
    reply.onFailure(new RpcFailure(kind, upstream + ": " + text));
  }
}
