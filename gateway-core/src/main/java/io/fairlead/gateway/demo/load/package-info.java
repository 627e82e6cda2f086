/**
 * A steady open-loop load that checks every answer against the simulated chain.
 *
 * <p>Start at {@link io.fairlead.gateway.demo.load.LoadGenerator}. Everything runs on one event
 * loop of the load's own; figures are handed out through futures.
 */
@NullMarked
package io.fairlead.gateway.demo.load;

import org.jspecify.annotations.NullMarked;
