/**
 * No client sees the chain go back: which block a call is about, who has it, and whether an answer
 * may be believed.
 *
 * <p>Start at {@link io.fairlead.gateway.freshness.FreshnessHandler}, the outermost of a chain's
 * handlers, which runs on the event loops. What it goes by is the {@link
 * io.fairlead.gateway.freshness.HeadBoard}, on which the control thread writes what was agreed and
 * event loops write what they saw. {@code docs/ethereum-semantics.md} says what clients may rely
 * on.
 */
@NullMarked
package io.fairlead.gateway.freshness;

import org.jspecify.annotations.NullMarked;
