/**
 * Budgets that bound what the gateway adds to the load: retries, hedges, rescues.
 *
 * <p>Start at {@link io.fairlead.routing.budget.Budget}; one per event loop, chain and purpose,
 * used on that loop only.
 */
@NullMarked
package io.fairlead.routing.budget;

import org.jspecify.annotations.NullMarked;
