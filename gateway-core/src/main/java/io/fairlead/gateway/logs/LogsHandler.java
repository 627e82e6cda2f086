package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallMessage;

/**
 * Answers log queries: as they are where an upstream is expected to take them, in parts where none
 * is or none did.
 *
 * <p><b>Who is asked for what.</b> The query goes out whole as long as somebody who gets calls is
 * not known to refuse it, and only to such; so each upstream refuses once, teaches its limit, and
 * is from then on asked for as much as it takes ({@link LogLimits}). A refusal for width is the
 * client's blame, not the upstream's: it costs the upstream nothing and is not repeated elsewhere.
 *
 * <p>Thread-safety: one for a chain, called on all event loops.
 */
public final class LogsHandler implements CallHandler {
  private final Shared shared;

  /**
   * What all queries of a chain share.
   *
   * @param limits what upstreams take
   * @param budget parts in flight
   */
  record Shared(LogLimits limits, PartsInFlight budget) {}

  /**
   * A handler.
   *
   * @param limits what the chain's upstreams have been found to take; outlives this
   * @param loops how many event loops there are
   */
  public LogsHandler(LogLimits limits, int loops) {
    this.shared = new Shared(limits, new PartsInFlight(loops));
  }

  @Override
  public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
    long head = call.chain().table().headBlocks().orElse(-1);
    LogQuery query = LogQuery.of(message, head);
    if (query == null) {
      return CallHandler.UPSTREAMS.start(call, message, sink);
    }
    Reach reach = new Reach(call, shared.limits(), query.fingerprint());
    boolean isTaken =
        query.blocks() <= reach.mostBlocks() && query.lists().longest() <= reach.mostAlternatives();
    if (isTaken) {
      WholeQuery whole = new WholeQuery(call, query, reach, shared, sink);
      whole.start();
      return whole;
    }
    SplitAnswer split = new SplitAnswer(call, query, reach, shared, sink);
    split.start(LogLimits.NONE);
    return split;
  }
}
