package io.fairlead.gateway.call;

/**
 * Answers calls of a kind. Handlers wrap each other; the innermost puts {@link Question}s to
 * upstreams.
 *
 * <p>Thread-safety: one for a chain, called on all event loops.
 */
@FunctionalInterface
public interface CallHandler {
  /**
   * Sets out to answer a message; the sink may hear of the end before this returns.
   *
   * @param call the client's call, in whose name and deadline this happens
   * @param message what is asked: the call's own message, or what a handler outside made of it;
   *     lent until the sink has heard of the end or the answer is abandoned
   * @param sink where the answer goes
   * @return by which the answer can be called off or slowed down; of no effect after the end
   */
  ActiveAnswer start(Call call, CallMessage message, AnswerSink sink);

  /** Puts every message to upstreams as it is. */
  CallHandler UPSTREAMS =
      (call, message, sink) -> {
        Question question = call.ask(message.retain(), call.demand(), sink);
        question.start();
        return question;
      };
}
