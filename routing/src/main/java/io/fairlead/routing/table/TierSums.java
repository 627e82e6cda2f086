package io.fairlead.routing.table;

/**
 * What the shares of one tier were divided by.
 *
 * @param tier which
 * @param bestMillis the least cost of those ready
 * @param medianMillis what counts for those of unknown cost
 * @param sumWeight of those ready
 * @param sumPreferred of weight times preference
 */
record TierSums(
    int tier, double bestMillis, double medianMillis, double sumWeight, double sumPreferred) {}
