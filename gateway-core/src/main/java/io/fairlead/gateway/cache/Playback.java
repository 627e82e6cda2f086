package io.fairlead.gateway.cache;

import io.fairlead.gateway.cache.CacheHandler.Errand;
import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.LoopContext;
import org.jspecify.annotations.Nullable;

/**
 * Gives a long shared answer to one call, piece by piece, as fast as its client reads. Meanwhile
 * the answer counts among what the store grants for copies, once for all who play it, because it
 * stays in memory even when the store has dropped it.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Playback implements ActiveAnswer {
  private final AnswerStore store;
  private final LoopContext loop;
  private final CallMessage message;
  private final SharedAnswer answer;
  private final AnswerSink sink;
  private int next = -1;
  private boolean reading = true;
  private boolean playing;
  private boolean done;

  private Playback(AnswerStore store, SharedAnswer answer, Errand errand) {
    this.store = store;
    this.answer = answer;
    this.loop = errand.call().loop();
    this.message = errand.message();
    this.sink = errand.sink();
  }

  /**
   * Begins soon, so that who starts it knows by what to slow it down before the first piece.
   *
   * @param store grants that the answer stays in memory while it is played
   * @param errand its message is lent until the sink has heard of the end
   * @return null if the store does not grant it
   */
  static @Nullable Playback tryStart(AnswerStore store, SharedAnswer answer, Errand errand) {
    if (!answer.tryPin(store)) {
      return null;
    }
    Playback playback = new Playback(store, answer, errand);
    playback.loop.execute(playback::play);
    return playback;
  }

  @Override
  public void abandon() {
    finish();
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    if (on && next >= 0 && !playing && !done) {
      play();
    }
  }

  private void play() {
    playing = true;
    while (reading && !done) {
      step();
    }
    playing = false;
  }

  private void step() {
    if (next < 0) {
      sink.onStart(answer.lengthFor(message));
      next = 0;
      if (!done) {
        sink.onChunk(answer.head(loop, message));
      }
    } else if (next < answer.pieces()) {
      next++;
      sink.onChunk(answer.body(next - 1));
    } else {
      finish();
      sink.onEnd();
    }
  }

  private void finish() {
    if (!done) {
      done = true;
      answer.unpin(store);
    }
  }
}
