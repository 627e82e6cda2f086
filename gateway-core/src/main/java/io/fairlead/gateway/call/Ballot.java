package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;

/**
 * Decides between the answers of several upstreams that are asked the same at once.
 *
 * <p>They are picked like the attempts of a retry: outside the failure domains of those picked
 * before, as far as there is anybody. When all have answered, or {@link Question#conclude} is said,
 * the highest vote that {@link Vote.Kind#STANDS} is the answer; while there is none the question
 * goes on like any other, elsewhere. A result that the question's {@link Demand} does not believe
 * has no vote.
 *
 * <p>Thread-safety: confined to the event loop of its call.
 */
public interface Ballot {
  /** How many upstreams are asked at once, 1 or more; fewer if there are fewer. */
  int width();

  /**
   * Weighs an answer that comes in time.
   *
   * @param by who gave it
   * @param verdict what it means
   * @param answer the whole answer; lent
   */
  Vote vote(Upstream by, Verdict verdict, HeldAnswer answer);

  /**
   * Hears of an answer that comes after the question has ended.
   *
   * @param by who gave it
   * @param verdict what it means
   */
  default void onLate(Upstream by, Verdict verdict) {}
}
