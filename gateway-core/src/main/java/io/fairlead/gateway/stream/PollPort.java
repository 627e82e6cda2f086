package io.fairlead.gateway.stream;

import io.fairlead.routing.Upstream;

/**
 * The way to one upstream over HTTP, for questions that are that upstream's to answer.
 *
 * <p>Thread-safety: called, and calls back, on the home loop.
 */
@FunctionalInterface
public interface PollPort {
  /**
   * Asks.
   *
   * @param upstream whom
   * @param body one JSON-RPC call
   * @param timeoutNanos how long to wait
   * @param answer hears the answer, perhaps before this returns
   */
  void ask(Upstream upstream, byte[] body, long timeoutNanos, Answer answer);

  /** Hears the answer: exactly one of the two. */
  interface Answer {
    /**
     * It answered.
     *
     * @param httpStatus of the answer
     * @param body the whole of it
     */
    void onAnswer(int httpStatus, byte[] body);

    /**
     * It did not.
     *
     * @param isTimeout whether the time ran out
     * @param reason why, without secrets
     */
    void onFailure(boolean isTimeout, String reason);
  }
}
