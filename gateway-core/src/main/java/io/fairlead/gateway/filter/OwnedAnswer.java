package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.PassedAnswer;

/**
 * An answer that passes through untouched, to a message that lives as long as the answer takes.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns the message.
 */
final class OwnedAnswer extends PassedAnswer {
  private final CallMessage message;

  OwnedAnswer(CallMessage message, AnswerSink sink) {
    super(sink);
    this.message = message;
  }

  ActiveAnswer start(Call call) {
    follow(call.chain().handler().start(call, message, this));
    return this;
  }

  @Override
  protected void release() {
    message.release();
  }
}
