package io.fairlead.gateway.control;

import io.fairlead.routing.control.Target;
import java.time.Instant;
import java.util.Optional;

/**
 * What an operator said, in force until it is restored or its time to live ends.
 *
 * @param id names it in events and in the state file
 * @param target which upstreams, on which chain
 * @param action what it does
 * @param by who said it and why
 * @param term from when to when it holds
 */
public record OperatorOverride(String id, Target target, Action action, Signature by, Term term) {
  /**
   * From when to when an override holds.
   *
   * @param createdAt when it was said
   * @param expiresAt when it ends by itself; empty for never
   */
  public record Term(Instant createdAt, Optional<Instant> expiresAt) {
    /**
     * Whether the term is over.
     *
     * @param now the instant to judge by
     * @return true from {@code expiresAt} on
     */
    public boolean isOver(Instant now) {
      return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
  }

  /**
   * Whether this one takes the place of another.
   *
   * @param earlier the other
   * @return true if both say one kind of thing about one target
   */
  boolean replaces(OperatorOverride earlier) {
    return target.equals(earlier.target) && action.replaces(earlier.action);
  }
}
