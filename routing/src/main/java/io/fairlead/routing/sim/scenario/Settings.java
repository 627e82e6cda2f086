package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.control.RoutingPolicy;

/**
 * What an operator would have configured, for gateways that can be configured so.
 *
 * @param policy how traffic is to be spread
 * @param maxAttempts for one call, 1 or more
 * @param retryBudget retries as a share of the calls, 0 to 1
 * @param hedgeBudget hedges as a share of the calls, 0 to 1; 0 turns them off
 */
public record Settings(
    RoutingPolicy policy, int maxAttempts, double retryBudget, double hedgeBudget) {
  /** The defaults of the configuration: three attempts, 10 % retries, 3 % hedges. */
  public static final Settings DEFAULT = new Settings(RoutingPolicy.DEFAULT, 3, 0.1, 0.03);

  /** Checks the ranges. */
  public Settings {
    Rules.require(maxAttempts >= 1, "maxAttempts", maxAttempts, "1 or more");
    Rules.requireShare(retryBudget, "retryBudget");
    Rules.requireShare(hedgeBudget, "hedgeBudget");
  }
}
