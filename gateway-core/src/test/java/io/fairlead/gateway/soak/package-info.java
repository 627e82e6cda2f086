/**
 * A long run of a whole gateway under mixed load and random faults: whether what it holds stays the
 * same, and whether every call is answered rightly that somebody healthy could have answered.
 *
 * <p>Start at {@link io.fairlead.gateway.soak.Soak}, which {@code src/test/soak/run} plays; {@code
 * docs/soak.md} says what it does and what it found. Only {@link io.fairlead.gateway.soak.Growth},
 * which tells a leak from noise, is part of the build's tests.
 */
@NullMarked
package io.fairlead.gateway.soak;

import org.jspecify.annotations.NullMarked;
