/**
 * How one call is pursued until it is answered: the first attempt, retries, hedges and rescues.
 *
 * <p>Start at {@link io.fairlead.routing.attempt.Pursuit}. The data plane and the simulator play
 * the same class; each on its own event loop.
 */
@NullMarked
package io.fairlead.routing.attempt;

import org.jspecify.annotations.NullMarked;
