package io.fairlead.probes;

import io.fairlead.routing.time.Scheduler.Cancellable;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One call on its way; it ends once, by an answer or without one. */
final class OneCall implements ProbeCallback {
  private static final byte[] NOTHING = {};

  /** Told the end of a call. */
  @FunctionalInterface
  interface Listener {
    /** The answer; status 0 and an empty body if there was none. */
    void onEnd(int httpStatus, byte[] body);
  }

  private final Listener listener;
  private final Cancellable timer;
  private boolean isOver;

  private OneCall(ProbeEnvironment world, long timeoutNanos, Listener listener) {
    this.listener = listener;
    this.timer = world.scheduler().schedule(() -> end(0, NOTHING), timeoutNanos);
  }

  static OneCall send(
      ProbeEnvironment world, String id, String body, long timeoutNanos, Listener listener) {
    OneCall call = new OneCall(world, timeoutNanos, listener);
    world.port().call(id, body.getBytes(StandardCharsets.US_ASCII), timeoutNanos, call);
    return call;
  }

  static String body(@Nullable String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + Question.ID
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  @Override
  public void onAnswer(int httpStatus, byte[] body) {
    end(httpStatus, body);
  }

  @Override
  public void onFailure(boolean timedOut, String reason) {
    end(0, NOTHING);
  }

  void cancel() {
    isOver = true;
    timer.cancel();
  }

  private void end(int httpStatus, byte[] body) {
    if (!isOver) {
      cancel();
      listener.onEnd(httpStatus, body);
    }
  }
}
