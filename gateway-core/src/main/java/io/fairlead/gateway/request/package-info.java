/**
 * What the transports of the rpc port have in common: finding the calls of a client's message,
 * setting them going, and gathering the answers of a batch.
 *
 * <p>Start at {@link io.fairlead.gateway.request.RequestDispatcher}. HTTP ({@link
 * io.fairlead.gateway.rpc}) and WebSocket ({@link io.fairlead.gateway.websocket}) give it bodies
 * and implement {@link io.fairlead.gateway.request.RequestSink}. Everything runs on the event loop
 * of the client's connection.
 */
@NullMarked
package io.fairlead.gateway.request;

import org.jspecify.annotations.NullMarked;
