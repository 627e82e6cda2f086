/**
 * A world of simulated nodes: one EVM chain served by real HTTP servers on loopback ports, each
 * with a place, a latency and a fault that may be switched while it runs.
 *
 * <p>Start at {@link io.fairlead.gateway.demo.world.SimulatedWorld}. The demo and tests start it
 * and switch faults from any thread; each node lives on one event loop.
 */
@NullMarked
package io.fairlead.gateway.demo.world;

import org.jspecify.annotations.NullMarked;
