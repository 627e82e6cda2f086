/**
 * The control side of routing: evidence and the operators' intent become the routing table.
 *
 * <p>Start at {@link io.fairlead.routing.control.ChainRouter}. Everything here runs on the one
 * control thread; only {@link io.fairlead.routing.control.ChainRouter#table()} and {@link
 * io.fairlead.routing.control.ChainRouter#newLane} may be called from any thread.
 */
@NullMarked
package io.fairlead.routing.control;

import org.jspecify.annotations.NullMarked;
