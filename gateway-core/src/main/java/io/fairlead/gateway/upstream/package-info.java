/**
 * Connections to upstreams: HTTP/1.1 or HTTP/2 over TCP or TLS, pooled per event loop, and single
 * ones for whoever speaks WebSocket over them.
 *
 * <p>Start at {@link io.fairlead.gateway.upstream.UpstreamPools}, of which each event loop has one;
 * {@link io.fairlead.gateway.upstream.UpstreamPool#post} sends one attempt and {@link
 * io.fairlead.gateway.upstream.ExchangeListener} hears its answer. Everything here runs on the one
 * loop that owns it; the life of a call and the probes call it there.
 */
@NullMarked
package io.fairlead.gateway.upstream;

import org.jspecify.annotations.NullMarked;
