/**
 * What carries bytes: the transport, one event loop per core, listeners, clocks and name
 * resolution.
 *
 * <p>Start at {@link io.fairlead.gateway.net.EventLoops}. Wiring creates one at start; every other
 * package is given its {@link io.fairlead.gateway.net.IoLoop}s and does its work on their threads.
 */
@NullMarked
package io.fairlead.gateway.net;

import org.jspecify.annotations.NullMarked;
