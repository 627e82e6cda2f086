/**
 * WebSocket to upstreams: how a connection is made and kept, and calls that share one.
 *
 * <p>Start at {@link io.fairlead.gateway.upstream.socket.Upgrades}. Everything here runs on the one
 * event loop that owns it. Whoever listens to heads makes its connections here too.
 */
@NullMarked
package io.fairlead.gateway.upstream.socket;

import org.jspecify.annotations.NullMarked;
