/**
 * How others route, for comparison: published policies, written anew from their formulas and
 * constants, against the same port as Fairlead's own.
 *
 * <p>Start at {@link io.fairlead.routing.sim.baseline.Baselines}, which names them all. What they
 * share, the client side of attempts and plain retries, is {@code Baseline}; each policy names its
 * source, and says where the simulated world made it deviate. None is tuned here: constants are
 * those that its makers publish or ship. Everything runs on the one thread that plays the scenario.
 */
@NullMarked
package io.fairlead.routing.sim.baseline;

import org.jspecify.annotations.NullMarked;
