/**
 * The simulated world: virtual time, servers with queues, faults, and clients.
 *
 * <p>Start at {@link io.fairlead.routing.sim.engine.Engine}, which plays one scenario once. A play
 * belongs to one thread; plays share nothing, so many may run at once.
 */
@NullMarked
package io.fairlead.routing.sim.engine;

import org.jspecify.annotations.NullMarked;
