/**
 * What upstreams say of the chain by themselves: heads and pending transactions, pushed over
 * WebSocket or, where there is none, polled for.
 *
 * <p>Start at {@link io.fairlead.gateway.stream.ChainStreams}, which decides whom to listen to;
 * {@link io.fairlead.gateway.stream.UpstreamSocket} is one upstream's connection. Everything here
 * runs on the chain's home event loop.
 */
@NullMarked
package io.fairlead.gateway.stream;

import org.jspecify.annotations.NullMarked;
