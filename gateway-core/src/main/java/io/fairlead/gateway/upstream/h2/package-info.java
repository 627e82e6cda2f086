/**
 * HTTP/2 as a client speaks it: one connection that carries many exchanges at once.
 *
 * <p>Start at {@link io.fairlead.gateway.upstream.h2.SharedConnection}; {@link
 * io.fairlead.gateway.upstream.h2.CallStream} is one exchange on it and {@link
 * io.fairlead.gateway.upstream.h2.StreamListener} hears its answer. Nothing here knows of upstreams
 * and pools: the pool makes connections, chooses among them and hears of their ends. Everything
 * runs on the connection's event loop.
 */
@NullMarked
package io.fairlead.gateway.upstream.h2;

import org.jspecify.annotations.NullMarked;
