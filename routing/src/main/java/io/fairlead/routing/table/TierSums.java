package io.fairlead.routing.table;

import io.fairlead.routing.table.Derivation.Base;
import io.fairlead.routing.table.Derivation.Preference;

/**
 * What the shares of a tier, or of those in it who are whole, were divided by.
 *
 * @param bestMillis the least cost among them
 * @param medianMillis what counts for those of unknown cost
 * @param sumWeight their weights
 * @param sumPreferred of weight times preference
 */
record TierSums(double bestMillis, double medianMillis, double sumWeight, double sumPreferred) {
  /** The part of one of them; a cost of 0 or less, or {@link Double#NaN}, is not known. */
  Base base(double weight, double costMillis, double bias, double trickle) {
    double known = costMillis > 0 ? costMillis : medianMillis;
    Preference preference = new Preference(bestMillis, known, bias);
    return new Base(weight, preference, sumPreferred, sumWeight, trickle);
  }
}
