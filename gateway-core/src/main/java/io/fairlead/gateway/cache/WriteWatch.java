package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Notes the end of a call that changes something, before its client hears of it: whatever the
 * client asks afterwards is not answered with what was known before.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class WriteWatch implements AnswerSink, ActiveAnswer {
  private final Runnable effect;
  private final AnswerSink sink;
  private @Nullable ActiveAnswer watched;

  /**
   * A watch.
   *
   * @param effect what the end means for the cache
   * @param sink where the answer goes
   */
  WriteWatch(Runnable effect, AnswerSink sink) {
    this.effect = effect;
    this.sink = sink;
  }

  /** Says what is watched. */
  ActiveAnswer watching(ActiveAnswer answering) {
    watched = answering;
    return this;
  }

  @Override
  public void abandon() {
    effect.run();
    if (watched != null) {
      watched.abandon();
    }
  }

  @Override
  public void setReading(boolean on) {
    if (watched != null) {
      watched.setReading(on);
    }
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    effect.run();
    sink.onWhole(answer);
  }

  @Override
  public void onStart(long lengthBytes) {
    effect.run();
    sink.onStart(lengthBytes);
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    sink.onChunk(chunk);
  }

  @Override
  public void onEnd() {
    sink.onEnd();
  }

  @Override
  public void onBroken() {
    effect.run();
    sink.onBroken();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    effect.run();
    sink.onNothing(outcome);
  }
}
