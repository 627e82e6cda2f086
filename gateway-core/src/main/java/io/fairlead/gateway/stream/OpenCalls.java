package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.RpcFailure.Kind;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions that wait for their answers, by the ids that the gateway gave them.
 *
 * <p>Thread-safety: none.
 */
final class OpenCalls {
  /** The most that wait at once. */
  static final int MOST = 1024;

  private final Scheduler scheduler;
  private final Map<Long, OpenCall> open = new HashMap<>();
  private long nextId = 1;

  private record OpenCall(RpcReply reply, Cancellable timeout) {}

  OpenCalls(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  boolean isFull() {
    return open.size() >= MOST;
  }

  /** Takes a question in; the id under which it is to be sent. */
  long add(String upstream, RpcQuestion question, RpcReply reply) {
    long id = nextId++;
    Cancellable timeout =
        scheduler.schedule(
            () -> fail(id, Kind.TIMEOUT, upstream + ": " + question.method() + " unanswered"),
            question.timeoutNanos());
    open.put(id, new OpenCall(reply, timeout));
    return id;
  }

  private void fail(long id, Kind kind, String text) {
    OpenCall call = open.remove(id);
    if (call != null) {
      call.timeout().cancel();
      call.reply().onFailure(new RpcFailure(kind, text));
    }
  }

  /** An answer came; one that nobody waits for is passed over. */
  void onAnswer(String upstream, RpcMessage answer) {
    if (answer.hasError()) {
      boolean isUnknown = answer.errorCode() == RpcMessage.METHOD_NOT_FOUND;
      Kind kind = isUnknown ? Kind.UNKNOWN_METHOD : Kind.REFUSED;
      fail(answer.id(), kind, upstream + ": error " + answer.errorCode());
      return;
    }
    String result = answer.result();
    if (result == null) {
      fail(answer.id(), Kind.MALFORMED, upstream + ": an answer without a result");
      return;
    }
    OpenCall call = open.remove(answer.id());
    if (call != null) {
      call.timeout().cancel();
      call.reply().onResult(result);
    }
  }

  /** The connection is gone: nobody is answered any more. */
  void failAll(String text) {
    for (Long id : List.copyOf(open.keySet())) {
      fail(id, Kind.DISCONNECTED, text);
    }
  }
}
