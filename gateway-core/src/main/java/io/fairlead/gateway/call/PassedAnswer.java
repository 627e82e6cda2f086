package io.fairlead.gateway.call;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * An answer that passes through a handler on its way to the sink, untouched but for what is
 * overridden.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: what {@link #release} gives back
 * lives until the sink has heard the end, or the answer is abandoned.
 */
public abstract class PassedAnswer implements ActiveAnswer, AnswerSink {
  private final AnswerSink sink;
  private @Nullable ActiveAnswer source;
  private boolean reading = true;
  private boolean ended;

  /**
   * An answer that has not begun.
   *
   * @param sink where it goes
   */
  protected PassedAnswer(AnswerSink sink) {
    this.sink = sink;
  }

  /**
   * Says who is answering from now on.
   *
   * @param answering what is to be abandoned or held back in its stead
   */
  protected final void follow(ActiveAnswer answering) {
    if (!ended) {
      source = answering;
      if (!reading) {
        answering.setReading(false);
      }
    }
  }

  /** Whether the sink has heard the end, or never will. */
  protected final boolean isEnded() {
    return ended;
  }

  /** Gives back what the answer needed; said once, when it is over however it ended. */
  protected void release() {}

  private void end() {
    ended = true;
    source = null;
  }

  @Override
  public void abandon() {
    if (!ended) {
      ActiveAnswer abandoned = source;
      end();
      if (abandoned != null) {
        abandoned.abandon();
      }
      release();
    }
  }

  @Override
  public void setReading(boolean on) {
    reading = on;
    ActiveAnswer present = source;
    if (present != null) {
      present.setReading(on);
    }
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    end();
    try {
      sink.onWhole(answer);
    } finally {
      release();
    }
  }

  @Override
  public void onStart(long lengthBytes) {
    sink.onStart(lengthBytes);
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    sink.onChunk(chunk);
  }

  @Override
  public void onEnd() {
    end();
    sink.onEnd();
    release();
  }

  @Override
  public void onBroken() {
    end();
    sink.onBroken();
    release();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    end();
    sink.onNothing(outcome);
    release();
  }
}
