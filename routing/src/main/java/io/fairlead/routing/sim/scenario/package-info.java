/**
 * What is to be played: a world of upstreams, the load on it, and the faults that befall it.
 *
 * <p>Start at {@link io.fairlead.routing.sim.scenario.Scenario}. Everything here is an immutable
 * value that checks itself; tests build it in Java, the drill reads it from a file.
 */
@NullMarked
package io.fairlead.routing.sim.scenario;

import org.jspecify.annotations.NullMarked;
