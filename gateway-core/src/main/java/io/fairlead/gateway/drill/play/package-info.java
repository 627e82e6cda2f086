/**
 * Plays scenario files: the production policy with the production prober in virtual time, and its
 * rivals.
 *
 * <p>Start at {@link io.fairlead.gateway.drill.play.Contest}. Plays run on the threads of an
 * executor, each on one; the rest is called by the main thread.
 */
@NullMarked
package io.fairlead.gateway.drill.play;

import org.jspecify.annotations.NullMarked;
