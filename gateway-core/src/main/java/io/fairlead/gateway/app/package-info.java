/**
 * The running gateway: makes everything, wires it by constructors, starts it, reloads it and ends
 * it.
 *
 * <p>Start at {@link io.fairlead.gateway.app.Gateway}. What decides runs on the control thread,
 * what serves runs on the event loops; this package is where the two meet.
 */
@NullMarked
package io.fairlead.gateway.app;

import org.jspecify.annotations.NullMarked;
