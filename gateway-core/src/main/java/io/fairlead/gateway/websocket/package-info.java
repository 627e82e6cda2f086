/**
 * The client's side of WebSocket: RFC 6455 on a connection that came to the rpc port as HTTP.
 *
 * <p>Start at {@link io.fairlead.gateway.websocket.WebSockets}, which takes over upgraded
 * connections, and {@link io.fairlead.gateway.websocket.SocketConnection}, which turns frames into
 * messages and bounds what a client may take. What is done with a message is its {@link
 * io.fairlead.gateway.websocket.MessageSide}: JSON-RPC in {@link
 * io.fairlead.gateway.websocket.CallSide}. Everything runs on the connection's event loop.
 */
@NullMarked
package io.fairlead.gateway.websocket;

import org.jspecify.annotations.NullMarked;
