/** Keeps the benchmarks alive. */
@NullMarked
package io.fairlead.jmh;

import org.jspecify.annotations.NullMarked;
