/**
 * Filters that a client creates once and polls: kept by the gateway as positions in the chain, so
 * that no upstream's end loses or repeats anything.
 *
 * <p>Start at {@link io.fairlead.gateway.filter.FilterHandler}; {@link
 * io.fairlead.gateway.filter.Filters} keeps them. Calls run on their event loops; a filter belongs
 * to one poll at a time, whichever loop that is on.
 */
@NullMarked
package io.fairlead.gateway.filter;

import org.jspecify.annotations.NullMarked;
