package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.PassedAnswer;
import io.fairlead.gateway.call.WholeAnswer;

/**
 * Notes the end of a call that changes something, before its client hears of it: whatever the
 * client asks afterwards is not answered with what was known before.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class WriteWatch extends PassedAnswer {
  private final Runnable effect;

  /**
   * A watch.
   *
   * @param effect what the end means for the cache
   * @param sink where the answer goes
   */
  WriteWatch(Runnable effect, AnswerSink sink) {
    super(sink);
    this.effect = effect;
  }

  /** Says what is watched. */
  ActiveAnswer watching(ActiveAnswer answering) {
    follow(answering);
    return this;
  }

  @Override
  public void abandon() {
    effect.run();
    super.abandon();
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    effect.run();
    super.onWhole(answer);
  }

  @Override
  public void onStart(long lengthBytes) {
    effect.run();
    super.onStart(lengthBytes);
  }

  @Override
  public void onBroken() {
    effect.run();
    super.onBroken();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    effect.run();
    super.onNothing(outcome);
  }
}
