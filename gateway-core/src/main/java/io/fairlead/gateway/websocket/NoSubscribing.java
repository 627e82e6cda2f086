package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;

/** Refuses every subscription. */
final class NoSubscribing implements SubscribingFactory.Subscribing, ActiveAnswer {
  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    if (message.isNotification()) {
      sink.onNothing(CallOutcome.REFUSED);
    } else {
      sink.onWhole(
          WholeAnswer.own(
              CallOutcome.REFUSED,
              200,
              call.toError(GatewayErrors.METHOD_NOT_OFFERED, "no subscriptions are offered here")));
    }
    return this;
  }

  @Override
  public void abandon() {}

  @Override
  public void setReading(boolean on) {}

  @Override
  public void close() {}
}
