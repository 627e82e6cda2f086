package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * An answer that passes through untouched, to a message that lives as long as the answer takes.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns the message.
 */
final class OwnedAnswer implements ActiveAnswer, AnswerSink {
  private final CallMessage message;
  private final AnswerSink sink;
  private @Nullable ActiveAnswer answering;
  private boolean ended;

  OwnedAnswer(CallMessage message, AnswerSink sink) {
    this.message = message;
    this.sink = sink;
  }

  ActiveAnswer start(Call call) {
    ActiveAnswer started = call.chain().handler().start(call, message, this);
    answering = started;
    return this;
  }

  private void end() {
    ended = true;
    message.release();
  }

  @Override
  public void abandon() {
    ActiveAnswer current = answering;
    if (!ended) {
      if (current != null) {
        current.abandon();
      }
      end();
    }
  }

  @Override
  public void setReading(boolean on) {
    ActiveAnswer current = answering;
    if (current != null && !ended) {
      current.setReading(on);
    }
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    end();
    sink.onWhole(answer);
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
  }

  @Override
  public void onBroken() {
    end();
    sink.onBroken();
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    end();
    sink.onNothing(outcome);
  }
}
