package io.fairlead.gateway.transaction;

import io.fairlead.gateway.call.Demand;
import io.fairlead.routing.Upstream;
import java.util.Set;

/**
 * Which upstreams get the transactions of a chain.
 *
 * @param width how many get one at once, 1 or more
 * @param isPrivate whether private upstreams get them alone; else they get none
 * @param privateIds the ids of the private upstreams
 */
public record TransactionRules(int width, boolean isPrivate, Set<String> privateIds) {
  /** Checks the range and copies the ids. */
  public TransactionRules {
    if (width < 1) {
      throw new IllegalArgumentException("width: " + width + " (expected: 1 or more)");
    }
    privateIds = Set.copyOf(privateIds);
  }

  /**
   * These rules for transactions that are private, or are not.
   *
   * @param wanted whether private upstreams get them alone
   * @return a copy
   */
  public TransactionRules withPrivate(boolean wanted) {
    return new TransactionRules(width, wanted, privateIds);
  }

  boolean mayAsk(Upstream upstream) {
    return isPrivate == privateIds.contains(upstream.id());
  }

  /** Whether {@link #mayAsk} may ever say no. */
  boolean isSelective() {
    return isPrivate || !privateIds.isEmpty();
  }

  /** What keeps a transaction that goes to one upstream at a time to those that may see it. */
  Demand demand() {
    return new Demand() {
      @Override
      public boolean mayAsk(Upstream upstream) {
        return TransactionRules.this.mayAsk(upstream);
      }

      @Override
      public boolean isSelective() {
        return TransactionRules.this.isSelective();
      }
    };
  }
}
