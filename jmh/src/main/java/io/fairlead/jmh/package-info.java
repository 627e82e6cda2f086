/**
 * Benchmarks of what Fairlead does on every call or every tick, one class for each.
 *
 * <p>{@code jmh/run} plays them at full length with the allocation profiler; the build plays each
 * for a moment, so that none rots. What a call costs through the wire is measured by {@code
 * jmh/wire/run}.
 */
@NullMarked
package io.fairlead.jmh;

import org.jspecify.annotations.NullMarked;
