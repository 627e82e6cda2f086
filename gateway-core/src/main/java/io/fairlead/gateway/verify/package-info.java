/**
 * Untrusted upstreams: what they answer is recomputed where the data allows, and compared with what
 * others answer.
 *
 * <p>Start at {@link io.fairlead.gateway.verify.CrossCheck}, the handler directly around the
 * questions to upstreams: what it lets through may be cached. Everything here runs on the event
 * loop of the call; what the loops share ({@link io.fairlead.gateway.verify.Formulas}, {@link
 * io.fairlead.gateway.verify.Strikes}) is safe.
 */
@NullMarked
package io.fairlead.gateway.verify;

import org.jspecify.annotations.NullMarked;
