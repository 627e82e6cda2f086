/**
 * What each upstream of a chain holds: which methods it has, and from which block on it has state,
 * logs, receipts and the rest.
 *
 * <p>Start at {@link io.fairlead.gateway.capability.LearntHoldings}. Event loops read a snapshot
 * before each question and report errors; the control thread adds what upstreams say of themselves
 * and what a search found.
 */
@NullMarked
package io.fairlead.gateway.capability;

import org.jspecify.annotations.NullMarked;
