package io.fairlead.gateway.filter;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A poll of a filter of pending transactions: asks the upstream that has it; if that has lost it or
 * does not answer, the filter is made anew elsewhere.
 *
 * <p>What became pending between the last poll and that moment is not told: nobody else has kept
 * it.
 */
final class PendingPoll extends Poll {
  static final String CREATE = "eth_newPendingTransactionFilter";

  private final PendingFilter filter;

  PendingPoll(Call call, CallMessage message, AnswerSink sink, PendingFilter filter) {
    super(call, message, sink);
    this.filter = filter;
  }

  @Override
  void onEnded() {
    filter.end();
  }

  @Override
  void run() {
    note(
        Inquiry.ask(
            call(),
            "eth_getFilterChanges",
            filter.upstreamId(),
            filter.there(),
            new Inquiry.Reply() {
              @Override
              public void onResult(ByteBuf value, @Nullable Upstream by) {
                tell(value);
              }

              @Override
              public void onError(@Nullable WholeAnswer error) {
                if (error != null) {
                  error.release();
                }
                if (!isEnded()) {
                  moveElsewhere();
                }
              }
            }));
  }

  private void tell(ByteBuf value) {
    answer(value.toString(StandardCharsets.UTF_8));
  }

  private void moveElsewhere() {
    note(
        Inquiry.ask(
            call(), CREATE, "", call().demand(), failing((value, by) -> onMoved(value, by))));
  }

  private void onMoved(ByteBuf value, @Nullable Upstream by) {
    if (by != null) {
      filter.moveTo(by, value.toString(StandardCharsets.UTF_8));
    }
    answerArray(List.of());
  }
}
