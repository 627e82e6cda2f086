/**
 * What a play is judged by: metrics of a result, bars over them, and whether they were met.
 *
 * <p>Start at {@link io.fairlead.gateway.drill.judge.Bar}. Called by the main thread once the plays
 * are over.
 */
@NullMarked
package io.fairlead.gateway.drill.judge;

import org.jspecify.annotations.NullMarked;
