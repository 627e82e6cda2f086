/**
 * What came of playing a scenario, and what many plays of it say together.
 *
 * <p>Start at {@link io.fairlead.routing.sim.result.Result}; {@link
 * io.fairlead.routing.sim.result.Metric} defines each figure.
 */
@NullMarked
package io.fairlead.routing.sim.result;

import org.jspecify.annotations.NullMarked;
