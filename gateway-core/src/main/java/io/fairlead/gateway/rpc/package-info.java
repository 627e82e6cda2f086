/**
 * The rpc port: JSON-RPC over HTTP/1.1 from wallets, exchanges and back ends, and the streams of
 * HTTP/2 that go on as WebSocket.
 *
 * <p>Start at {@link io.fairlead.gateway.rpc.RpcServer}, which binds the port, and {@link
 * io.fairlead.gateway.rpc.RpcConnection}, which frames one client's requests and answers. What
 * happens to a call in between is {@link io.fairlead.gateway.call}. Everything here runs on the
 * event loop of the client's connection.
 */
@NullMarked
package io.fairlead.gateway.rpc;

import org.jspecify.annotations.NullMarked;
