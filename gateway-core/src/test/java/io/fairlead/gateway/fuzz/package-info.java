/**
 * Targets for fuzzing: what must hold for any bytes whatsoever.
 *
 * <p>Start at {@link io.fairlead.gateway.fuzz.FuzzTarget}. A target stands beside what it tests and
 * is named in two places here: {@link io.fairlead.gateway.fuzz.ShortFuzzTest} plays it for a moment
 * in every build, {@link io.fairlead.gateway.fuzz.JazzerFuzz} for as long as one likes. {@code
 * docs/fuzzing.md} says how.
 */
@NullMarked
package io.fairlead.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
