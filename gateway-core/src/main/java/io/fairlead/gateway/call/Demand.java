package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * What a question demands of the upstreams that it is put to, and of what they answer.
 *
 * <p>Thread-safety: confined to the event loop of its call.
 */
public interface Demand {
  /** No demand. */
  Demand NONE = new Demand() {};

  /**
   * Whether an upstream may be asked now.
   *
   * @param upstream a candidate of the pick
   * @return false if another must be found
   */
  default boolean mayAsk(Upstream upstream) {
    return true;
  }

  /**
   * An upstream is being asked.
   *
   * @param upstream who
   */
  default void onAsked(Upstream upstream) {}

  /**
   * The question begins to wait until somebody may be asked. What is asked from now on is paid by
   * no budget, so that whoever was asked already must be spared.
   */
  default void onWait() {}

  /** Whether somebody else may be asked beside an upstream that is slow. */
  default boolean mayHedge() {
    return true;
  }

  /** Whether {@link #mayAsk} may ever say no; what demands nothing costs a pick nothing. */
  default boolean isSelective() {
    return false;
  }

  /** The block that whoever may be asked is known to have, -1 if none in particular. */
  default long neededBlock() {
    return -1;
  }

  /**
   * Whether a result may be believed.
   *
   * @param by who gave it
   * @param answer the result, whole or, if it is too long to be held, its beginning; lent
   * @return null if it is; else why not, and another upstream is asked
   */
  default @Nullable Doubt judge(Upstream by, HeldAnswer answer) {
    return null;
  }

  /**
   * For how long a question that nobody may be asked waits for somebody.
   *
   * @return nanoseconds from the call's beginning, 0 for not at all
   */
  default long patienceNanos() {
    return 0;
  }

  /** What upstreams lack if nobody may be asked, for the client to read; null for nothing known. */
  default @Nullable String lacking() {
    return null;
  }

  /** Says that several are to be asked at once, and which answer counts; null for one at a time. */
  default @Nullable Ballot ballot() {
    return null;
  }
}
