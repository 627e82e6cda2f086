package io.fairlead.probes;

import io.fairlead.routing.time.NanoClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was spent on the upstreams of one chain, by id. It outlives probers, so that the daily
 * budget holds across reloads: an upstream that is taken out and put in again, that moves, or whose
 * chain gets another prober, goes on with what it had left.
 *
 * <p>Bounds: an entry of an upstream that is no longer probed goes once it has earned its burst
 * again. Thread-safety: none; control thread only.
 */
public final class ProbeLedger {
  private final Map<String, ProbeBudget> budgets = new HashMap<>();

  /** A ledger in which nothing was spent. */
  public ProbeLedger() {}

  ProbeBudget budget(String id, ProbePolicy policy, NanoClock clock) {
    ProbeBudget known = budgets.get(id);
    if (known != null) {
      known.setPolicy(policy);
      return known;
    }
    ProbeBudget opened = new ProbeBudget(policy, clock);
    budgets.put(id, opened);
    return opened;
  }

  /** Forgets upstreams that are no longer probed and have earned their burst again. */
  void tidy(Set<String> probed) {
    budgets.entrySet().removeIf(e -> !probed.contains(e.getKey()) && e.getValue().isUnspent());
  }

  int size() {
    return budgets.size();
  }
}
