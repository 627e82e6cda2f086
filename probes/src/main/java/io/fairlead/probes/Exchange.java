package io.fairlead.probes;

import io.fairlead.routing.time.Scheduler.Cancellable;

/**
 * One question on its way.
 *
 * <p>It ends once: by an answer, a failure or its own timer, whichever is first. What comes later
 * is dropped, so a port that answers late, twice or never does no harm.
 */
final class Exchange implements ProbeCallback {
  /** Told the end of an exchange. */
  @FunctionalInterface
  interface Listener {
    void onEnd(Question question, Verdict verdict, long elapsedNanos);
  }

  private final ProbeEnvironment world;
  private final Question question;
  private final Listener listener;
  private final long sentAtNanos;
  private final Cancellable timer;
  private boolean isOver;

  Exchange(ProbeEnvironment world, Question question, long timeoutNanos, Listener listener) {
    this.world = world;
    this.question = question;
    this.listener = listener;
    this.sentAtNanos = world.scheduler().nanoTime();
    this.timer = world.scheduler().schedule(() -> end(Verdict.timedOut()), timeoutNanos);
  }

  /** Sends the question; the end may come within this call. */
  void send(String id, long timeoutNanos) {
    world.port().call(id, question.toBody(world.random()), timeoutNanos, this);
  }

  @Override
  public void onAnswer(int httpStatus, byte[] body) {
    if (!isOver) {
      end(Verdict.of(httpStatus, body));
    }
  }

  @Override
  public void onFailure(boolean timedOut, String reason) {
    end(timedOut ? Verdict.timedOut() : Verdict.failed(reason));
  }

  void cancel() {
    isOver = true;
    timer.cancel();
  }

  private void end(Verdict verdict) {
    if (!isOver) {
      cancel();
      listener.onEnd(question, verdict, world.scheduler().nanoTime() - sentAtNanos);
    }
  }
}
