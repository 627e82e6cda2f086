/**
 * Time and scheduling as ports, so that whoever decides can be played in virtual time.
 *
 * <p>Production implementations live with the event loops and the control loop.
 */
@NullMarked
package io.fairlead.routing.time;

import org.jspecify.annotations.NullMarked;
