/**
 * The rpc port: JSON-RPC over HTTP/1.1 and HTTP/2 from wallets, exchanges and back ends.
 *
 * <p>Start at {@link io.fairlead.gateway.rpc.RpcServer}, which binds the port, and {@link
 * io.fairlead.gateway.rpc.ClientRequest}, which an {@link io.fairlead.gateway.rpc.RpcConnection} or
 * a {@link io.fairlead.gateway.rpc.StreamRequest} makes of what it reads. What happens to a call in
 * between is {@link io.fairlead.gateway.call}. Everything here runs on the event loop of the
 * client's connection.
 */
@NullMarked
package io.fairlead.gateway.rpc;

import org.jspecify.annotations.NullMarked;
