/**
 * WebSocket to upstreams: how a connection is made and kept, and calls that share one.
 *
 * <p>Start at {@link io.fairlead.gateway.upstream.socket.SocketPort}, which the life of a call
 * posts to; {@link io.fairlead.gateway.upstream.socket.Upgrades} makes the connections, those of
 * whoever listens to heads too. Everything here runs on the one event loop that owns it.
 */
@NullMarked
package io.fairlead.gateway.upstream.socket;

import org.jspecify.annotations.NullMarked;
