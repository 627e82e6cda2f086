/**
 * The port between a simulated world and a gateway under test.
 *
 * <p>Start at {@link io.fairlead.routing.sim.policy.GatewayUnderTest}, which a policy implements,
 * and {@link io.fairlead.routing.sim.policy.Network}, which it acts through. Everything runs on the
 * one thread that plays the scenario, in virtual time.
 */
@NullMarked
package io.fairlead.routing.sim.policy;

import org.jspecify.annotations.NullMarked;
