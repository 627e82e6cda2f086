/**
 * A scenario played in real time: the production gateway in this process, simulated nodes on
 * loopback ports, and an open-loop load that counts from when each call was due.
 *
 * <p>Start at {@link io.fairlead.gateway.live.LiveDrill}. The command line plays scenario files
 * with it; the play itself lives on one event loop, the figures are made when it is over.
 */
@NullMarked
package io.fairlead.gateway.live;

import org.jspecify.annotations.NullMarked;
