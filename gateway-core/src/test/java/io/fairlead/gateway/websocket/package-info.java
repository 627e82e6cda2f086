/** The client's side of WebSocket, byte by byte and over real sockets. */
@NullMarked
package io.fairlead.gateway.websocket;

import org.jspecify.annotations.NullMarked;
