package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.MethodClass;

/**
 * The calls of one method class. Calls of class WRITE may not be repeated once they may have been
 * processed.
 *
 * @param methodClass which
 * @param share of all calls; the shares of a load add up to 1
 * @param meanMillis the mean of the lognormal work of a call, at speed 1; more than 0
 * @param sigma the standard deviation of its logarithm, 0 to 4; 0 for constant work
 * @param headSensitiveShare which part of them depends on the newest block, 0 to 1
 */
public record ClassLoad(
    MethodClass methodClass,
    double share,
    double meanMillis,
    double sigma,
    double headSensitiveShare) {
  /** Checks the ranges. */
  public ClassLoad {
    Rules.requireShare(share, "share");
    Rules.requirePositive(meanMillis, "mean");
    Rules.require(sigma >= 0 && sigma <= 4, "sigma", sigma, "0 to 4");
    Rules.requireShare(headSensitiveShare, "headSensitiveShare");
  }
}
