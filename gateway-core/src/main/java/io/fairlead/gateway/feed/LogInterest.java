package io.fairlead.gateway.feed;

import java.util.Set;
import java.util.TreeSet;

/**
 * Which logs anybody waits for: those of some contracts, of all, or none.
 *
 * <p>Thread-safety: immutable.
 *
 * @param isAny whether logs of all contracts are wanted
 * @param addresses the contracts, in lower case and in order; empty when all or none are wanted
 */
public record LogInterest(boolean isAny, Set<String> addresses) {
  /** Nobody waits for logs. */
  public static final LogInterest NONE = new LogInterest(false, Set.of());

  /** Somebody waits for logs of every contract. */
  public static final LogInterest ANY = new LogInterest(true, Set.of());

  /** Copies and checks. */
  public LogInterest {
    if (isAny && !addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses: some (expected: none when all are wanted)");
    }
    addresses = Set.copyOf(addresses);
  }

  /** Interest in some contracts, {@link #NONE} for none. */
  public static LogInterest in(Set<String> addresses) {
    return new LogInterest(false, addresses);
  }

  /** Whether nobody waits. */
  public boolean isNone() {
    return !isAny && addresses.isEmpty();
  }

  /** The contracts in order, for a query. */
  public Set<String> inOrder() {
    return new TreeSet<>(addresses);
  }
}
